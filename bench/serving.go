package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// server is an HTTP server in this process on an address of its own.
type server struct {
	addr string
	srv  *http.Server
}

func serve(h http.Handler) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{addr: l.Addr().String(), srv: &http.Server{Handler: h}}
	go s.srv.Serve(l) // until closed
	return s, nil
}

func (s *server) close() error { return s.srv.Close() }

// request is one request as it goes over the wire.
func (s *server) request(method, path, token, body string) []byte {
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, s.addr)
	if token != "" {
		head += "Authorization: Bearer " + token + "\r\n"
	}
	if body != "" {
		head += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	return []byte(head + "\r\n" + body)
}

// caller keeps one connection; it does as little as a caller can, so that what is measured is the server.
type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func (s *server) dial() (*caller, error) {
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	return &caller{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// do sends a request and reads the answer; body is kept only if keep.
func (c *caller) do(request []byte, keep bool) (body []byte, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if keep || res.StatusCode >= 400 {
		body, err = io.ReadAll(res.Body)
	} else {
		_, err = io.Copy(io.Discard, res.Body)
	}
	if err == nil && res.StatusCode >= 400 {
		err = fmt.Errorf("bench: answer %s: %s", res.Status, body)
	}
	return body, err
}

// patience is how long an answer may take.
const patience = 30 * time.Second

// load lets callers send requests for some time and gives the requests answered a second. next gives request n.
func (s *server) load(ctx context.Context, callers int, slice time.Duration, next func(n int64) []byte) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, slice)
	defer cancel()
	return s.call(callers, slice+patience, func(n int64) ([]byte, bool) { return next(n), ctx.Err() == nil })
}

// all lets callers send n requests, each once, and gives the requests answered a second.
func (s *server) all(callers, n int, request func(int) []byte) (float64, error) {
	return s.call(callers, 10*patience, func(k int64) ([]byte, bool) {
		if int(k) > n {
			return nil, false
		}
		return request(int(k) - 1), true
	})
}

// call lets callers send what next gives, numbered from 1, until it says that there is no more.
func (s *server) call(callers int, longest time.Duration, next func(n int64) ([]byte, bool)) (float64, error) {
	var done, number atomic.Int64
	errs := make([]error, callers)
	var wg sync.WaitGroup
	began := time.Now()
	for i := range callers {
		wg.Go(func() {
			c, err := s.dial()
			if err != nil {
				errs[i] = err
				return
			}
			defer c.conn.Close()
			if errs[i] = c.conn.SetDeadline(began.Add(longest)); errs[i] != nil {
				return
			}
			for {
				request, more := next(number.Add(1))
				if !more {
					return
				}
				if _, err := c.do(request, false); err != nil {
					errs[i] = err
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(done.Load()) / time.Since(began).Seconds(), errors.Join(errs...)
}

// visit is a page that a browser asks for.
func (s *server) visit(path, cookie string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: linli_session=%s\r\n\r\n", path, s.addr, cookie)
}

// one sends one request and gives the answer.
func (s *server) one(request []byte) ([]byte, error) {
	c, err := s.dial()
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	if err := c.conn.SetDeadline(time.Now().Add(10 * patience)); err != nil {
		return nil, err
	}
	return c.do(request, true)
}
