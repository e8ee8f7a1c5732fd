package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"runtime"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/grpclog"
	"google.golang.org/grpc/interop"
	testgrpc "google.golang.org/grpc/interop/grpc_testing"
)

// callTime bounds one case.
const callTime = 20 * time.Second

// caller is who asks in the cases of the interop client.
type caller struct {
	conn *grpc.ClientConn
	test testgrpc.TestServiceClient
}

func simple(f func(context.Context, testgrpc.TestServiceClient, ...grpc.CallOption)) func(context.Context, *caller) {
	return func(ctx context.Context, c *caller) { f(ctx, c.test) }
}

// interopCases are those of gRPC's interop-test-descriptions that need no account
// of a cloud and no compression, which the client of Go does not have.
var interopCases = []struct {
	name string
	run  func(context.Context, *caller)
}{
	{"empty_unary", simple(interop.DoEmptyUnaryCall)},
	{"large_unary", simple(interop.DoLargeUnaryCall)},
	{"client_streaming", simple(interop.DoClientStreaming)},
	{"server_streaming", simple(interop.DoServerStreaming)},
	{"ping_pong", simple(interop.DoPingPong)},
	{"empty_stream", simple(interop.DoEmptyStream)},
	{"timeout_on_sleeping_server", simple(interop.DoTimeoutOnSleepingServer)},
	{"cancel_after_begin", simple(interop.DoCancelAfterBegin)},
	{"cancel_after_first_response", simple(interop.DoCancelAfterFirstResponse)},
	{"custom_metadata", simple(interop.DoCustomMetadata)},
	{"status_code_and_message", simple(interop.DoStatusCodeAndMessage)},
	{"special_status_message", simple(interop.DoSpecialStatusMessage)},
	{"unimplemented_method", func(ctx context.Context, c *caller) { interop.DoUnimplementedMethod(ctx, c.conn) }},
	{"unimplemented_service", func(ctx context.Context, c *caller) {
		interop.DoUnimplementedService(ctx, testgrpc.NewUnimplementedServiceClient(c.conn))
	}},
}

// runGRPC runs the interop client through weir, without and with encryption.
func runGRPC(ctx context.Context, _ *options, s *stage) []*outcome {
	verdicts := &judge{}
	grpclog.SetLoggerV2(verdicts)
	encrypted := credentials.NewTLS(&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}) //nolint:gosec // of the stage
	return []*outcome{
		interopOver(ctx, "gRPC interop, h2c", s.h2c, hostGRPC, insecure.NewCredentials(), verdicts),
		interopOver(ctx, "gRPC interop, TLS", s.tls, hostGRPC, encrypted, verdicts),
		interopOver(ctx, "gRPC interop, TLS on both sides", s.tls, hostGRPCS, encrypted, verdicts),
	}
}

func interopOver(ctx context.Context, suite, address, host string, how credentials.TransportCredentials, verdicts *judge) *outcome {
	o := &outcome{suite: suite, required: len(interopCases)}
	begun := time.Now()
	defer func() { o.took = time.Since(begun) }()
	conn, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(how), grpc.WithAuthority(host))
	if err != nil {
		o.notRun = err.Error()
		return o
	}
	defer conn.Close()
	c := &caller{conn, testgrpc.NewTestServiceClient(conn)}
	for _, one := range interopCases {
		o.check(one.name, verdicts.run(ctx, c, one.run))
	}
	return o
}

// judge takes the words of the interop client. It ends a case that failed where the
// client would end the process.
type judge struct {
	grpclog.LoggerV2 // none: only what is below is ever called
	mu               sync.Mutex
	why              string
}

// run returns why a case failed, or nothing.
func (j *judge) run(ctx context.Context, c *caller, f func(context.Context, *caller)) string {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	done := make(chan bool, 1)
	j.take()
	go func() {
		passed := false
		defer func() { done <- passed }()
		f(ctx, c)
		passed = true
	}()
	select {
	case passed := <-done:
		if why := j.take(); !passed {
			return "failed: " + why
		}
		return ""
	case <-time.After(callTime + time.Second):
		return fmt.Sprintf("no end within %s", callTime)
	}
}

// take returns the last words and forgets them.
func (j *judge) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	why := j.why
	j.why = ""
	return why
}

func (j *judge) fatal(text string) {
	j.mu.Lock()
	j.why = text
	j.mu.Unlock()
	runtime.Goexit()
}

// Fatal ends a case.
func (j *judge) Fatal(args ...any) { j.fatal(fmt.Sprint(args...)) }

// Fatalln ends a case.
func (j *judge) Fatalln(args ...any) { j.fatal(fmt.Sprintln(args...)) }

// Fatalf ends a case.
func (j *judge) Fatalf(format string, args ...any) { j.fatal(fmt.Sprintf(format, args...)) }

// Info says nothing.
func (*judge) Info(...any) {}

// Infoln says nothing.
func (*judge) Infoln(...any) {}

// Infof says nothing.
func (*judge) Infof(string, ...any) {}

// Warning says nothing.
func (*judge) Warning(...any) {}

// Warningln says nothing.
func (*judge) Warningln(...any) {}

// Warningf says nothing.
func (*judge) Warningf(string, ...any) {}

// Error says nothing.
func (*judge) Error(...any) {}

// Errorln says nothing.
func (*judge) Errorln(...any) {}

// Errorf says nothing.
func (*judge) Errorf(string, ...any) {}

// V is silent.
func (*judge) V(int) bool { return false }
