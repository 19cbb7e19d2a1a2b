package backup

import (
	"bufio"
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/emmansun/gmsm/sm4"
)

// coverMark begins a file that is encrypted; the version is part of it.
const coverMark = "linli-sealed-1\n"

// coverChunk is how much is encrypted at once, so that files of any size pass through little memory.
const coverChunk = 1 << 20

// ReadKey reads the key of encrypted backups: 16 bytes in base64 on the first line of a file.
func ReadKey(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	line, _, _ := bytes.Cut(b, []byte("\n"))
	key, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(line)))
	if err != nil || len(key) != 16 {
		return nil, errors.New("the key of backups is 16 bytes in base64")
	}
	return key, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonce is the file's own prefix and the number of the chunk: never twice under one key by any likelihood.
func nonce(prefix [8]byte, n uint32) []byte {
	return binary.BigEndian.AppendUint32(bytes.Clone(prefix[:]), n)
}

// last says in what is authenticated whether a chunk ends the file, so that a file that was cut short does not open.
func last(is bool) []byte {
	if is {
		return []byte{1}
	}
	return []byte{0}
}

// Cover encrypts what it reads with SM4-GCM, chunk by chunk.
func Cover(w io.Writer, r io.Reader, key []byte) error {
	aead, err := gcm(key)
	if err != nil {
		return err
	}
	var prefix [8]byte
	_, _ = rand.Read(prefix[:]) // never fails since Go 1.24
	if _, err := w.Write(append([]byte(coverMark), prefix[:]...)); err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, coverChunk)
	buf := make([]byte, coverChunk)
	for n := uint32(0); ; n++ {
		size, err := io.ReadFull(in, buf)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		_, end := in.Peek(1)
		sealed := aead.Seal(nil, nonce(prefix, n), buf[:size], last(end != nil))
		if _, err := w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(sealed))), sealed...)); err != nil {
			return err
		}
		if end != nil {
			return nil
		}
	}
}

// Uncover decrypts what Cover made; a wrong key and a file that was changed or cut short are ErrBad.
func Uncover(w io.Writer, r io.Reader, key []byte) error {
	aead, err := gcm(key)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, coverChunk)
	head := make([]byte, len(coverMark)+8)
	if _, err := io.ReadFull(in, head); err != nil || string(head[:len(coverMark)]) != coverMark {
		return bad("it is not encrypted as backups are")
	}
	prefix := [8]byte(head[len(coverMark):])
	for n := uint32(0); ; n++ {
		var size [4]byte
		if _, err := io.ReadFull(in, size[:]); err != nil {
			return bad("it ends too early")
		}
		length := binary.BigEndian.Uint32(size[:])
		if length > coverChunk+64 {
			return bad("it is damaged")
		}
		sealed := make([]byte, length)
		if _, err := io.ReadFull(in, sealed); err != nil {
			return bad("it ends too early")
		}
		_, end := in.Peek(1)
		plain, err := aead.Open(nil, nonce(prefix, n), sealed, last(end != nil))
		if err != nil {
			return bad("it does not open: another key, or it was changed or cut short")
		}
		if _, err := w.Write(plain); err != nil {
			return err
		}
		if end != nil {
			return nil
		}
	}
}

// Covered says whether a file is encrypted.
func Covered(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, len(coverMark))
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil // shorter than the mark: not encrypted
	}
	return string(head) == coverMark, nil
}

// IsDatabase says whether a file is an SQLite database.
func IsDatabase(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 16)
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == "SQLite format 3\x00", nil
}
