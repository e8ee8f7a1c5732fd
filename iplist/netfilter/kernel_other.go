//go:build !linux

package netfilter

import "errors"

func openKernel(int, string) (kernel, error) {
	return nil, errors.New("the kernel drops sources on Linux only: set lists.netfilter.enabled: false")
}
