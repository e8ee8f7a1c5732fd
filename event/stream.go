package event

import "context"

// Sink keeps batches. Append must be idempotent by record ID: a batch whose
// Append failed is given again.
type Sink interface {
	Append(ctx context.Context, b *Batch) error
}
