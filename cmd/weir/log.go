package main

import (
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

type zapSink = zapcore.WriteSyncer

func newCore(format string, level zap.AtomicLevel, w zapSink) zapcore.Core {
	c := zap.NewProductionEncoderConfig()
	c.TimeKey, c.EncodeTime, c.EncodeDuration = "ts", zapcore.RFC3339NanoTimeEncoder, zapcore.StringDurationEncoder
	c.NameKey = "component"
	encoder := zapcore.NewJSONEncoder(c)
	if format == "console" {
		encoder = zapcore.NewConsoleEncoder(c)
	}
	return zapcore.NewSamplerWithOptions(zapcore.NewCore(encoder, zapcore.Lock(w), level), time.Second, 100, 100)
}
