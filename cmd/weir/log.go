package main

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/weirnode/weir/internal/inert"
)

type zapSink = zapcore.WriteSyncer

// inertSink escapes what clients have sent to act on the terminal of who reads the log.
// In both formats their words stand in JSON.
type inertSink struct {
	io.Writer
	sink zapSink
}

func (s inertSink) Sync() error { return s.sink.Sync() }

func newCore(format string, level zap.AtomicLevel, w zapSink) zapcore.Core {
	c := zap.NewProductionEncoderConfig()
	c.TimeKey, c.EncodeTime, c.EncodeDuration = "ts", zapcore.RFC3339NanoTimeEncoder, zapcore.StringDurationEncoder
	c.NameKey = "component"
	encoder := zapcore.NewJSONEncoder(c)
	if format == "console" {
		encoder = zapcore.NewConsoleEncoder(c)
	}
	return zapcore.NewSamplerWithOptions(zapcore.NewCore(encoder, zapcore.Lock(inertSink{inert.JSON(w), w}), level), time.Second, 100, 100)
}
