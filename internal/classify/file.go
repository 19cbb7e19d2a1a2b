package classify

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// A model in a file: magic, version, the number of bytes of the body, the body, and the SHA-256 of all before. In the body, numbers
// are unsigned varints and texts have their length before them, unless said otherwise; floats have eight bytes, little end first:
//
//	examples, longest, messages counted, sure (float), slope (float)
//	labels: how many; for each its name, bias (float), scale (float)
//	grams: how many; for each, in ascending order, the bytes it shares with the one before, the rest of it, how many messages have it
//	weights: two bytes each, little end first, by gram and in it by label
const (
	magic   = "LLCLASS"
	version = 1
	maxBody = 256 << 20
	maxGram = 4 << 20 // grams
	headLen = len(magic) + 1 + 8
)

// WriteTo writes the model. The same model gives the same bytes.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	body := m.body()
	b := make([]byte, 0, headLen+len(body)+sha256.Size)
	b = append(b, magic...)
	b = append(b, version)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(body)))
	b = append(b, body...)
	sum := sha256.Sum256(b)
	n, err := w.Write(append(b, sum[:]...))
	return int64(n), err
}

func (m *Model) body() []byte {
	float := func(b []byte, v float64) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(v)) }
	b := binary.AppendUvarint(nil, uint64(m.examples))
	b = binary.AppendUvarint(b, uint64(m.words.longest))
	b = binary.AppendUvarint(b, uint64(m.words.docs))
	b = float(float(b, m.sure), m.slope)
	b = binary.AppendUvarint(b, uint64(len(m.labels)))
	for l, name := range m.labels {
		b = append(binary.AppendUvarint(b, uint64(len(name))), name...)
		b = float(float(b, m.bias[l]), m.scale[l])
	}
	b = binary.AppendUvarint(b, uint64(len(m.words.grams)))
	last := ""
	for i, g := range m.words.grams {
		same := 0
		for same < min(len(g), len(last)) && g[same] == last[same] {
			same++
		}
		b = binary.AppendUvarint(b, uint64(same))
		b = append(binary.AppendUvarint(b, uint64(len(g)-same)), g[same:]...)
		b = binary.AppendUvarint(b, uint64(m.words.have[i]))
		last = g
	}
	for _, w := range m.weights {
		b = binary.LittleEndian.AppendUint16(b, uint16(w))
	}
	return b
}

// Read reads a model that WriteTo wrote. A damaged file, or one that is no model, is Invalid, and so is one of another version of the
// format. It never reads more than 256 MB and keeps no more than the file holds.
func Read(r io.Reader) (*Model, error) {
	head := make([]byte, headLen)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, unreadable(err)
	}
	if string(head[:len(magic)]) != magic {
		return nil, damaged()
	}
	if head[len(magic)] != version {
		return nil, errs.New(errs.Invalid, i18n.ClassifyNewFile)
	}
	size := binary.LittleEndian.Uint64(head[len(magic)+1:])
	if size > maxBody {
		return nil, damaged()
	}
	var b bytes.Buffer
	// Grows with what is there, not with what the head says is there.
	if n, err := io.CopyN(&b, r, int64(size)+sha256.Size); err != nil || n != int64(size)+sha256.Size {
		return nil, unreadable(err)
	}
	body, sum := b.Bytes()[:size], b.Bytes()[size:]
	h := sha256.New()
	h.Write(head)
	h.Write(body)
	if !bytes.Equal(h.Sum(nil), sum) {
		return nil, damaged()
	}
	m := (&reader{b: body}).model()
	if m == nil {
		return nil, damaged()
	}
	return m, nil
}

func damaged() error { return errs.New(errs.Invalid, i18n.ClassifyBadFile) }

// unreadable tells a file that ends too early from one that cannot be read.
func unreadable(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return damaged()
	}
	return err
}

// reader takes a body apart. What does not fit sets bad, and from there on everything is zero.
type reader struct {
	b   []byte
	bad bool
}

// number reads a number up to most.
func (r *reader) number(most uint64) int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > most {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

// float reads a number that can be reckoned with.
func (r *reader) float() float64 {
	b := r.bytes(8)
	if b == nil {
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if !(math.Abs(v) < 1e12) {
		r.bad = true
		return 0
	}
	return v
}

// model reads the body; nil if it does not fit together.
func (r *reader) model() *Model {
	m := &Model{words: &vocabulary{}}
	m.examples = r.number(math.MaxInt32)
	m.words.longest = r.number(maxLongest)
	m.words.docs = r.number(math.MaxInt32)
	m.sure, m.slope = r.float(), r.float()
	for range r.number(maxLabels) {
		name := string(r.bytes(r.number(maxName)))
		if name == "" || !utf8.ValidString(name) || len(m.labels) > 0 && name <= m.labels[len(m.labels)-1] {
			return nil
		}
		m.labels, m.bias, m.scale = append(m.labels, name), append(m.bias, r.float()), append(m.scale, r.float())
	}
	if r.bad || len(m.labels) < 2 || m.words.longest < 1 || m.sure <= 0 || m.sure > 1 || m.slope <= 0 {
		return nil
	}
	if !r.grams(m.words) {
		return nil
	}
	raw := r.bytes(2 * len(m.labels) * len(m.words.grams))
	if r.bad || len(r.b) > 0 {
		return nil
	}
	m.weights = make([]int16, len(raw)/2)
	for i := range m.weights {
		m.weights[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	m.words.finish()
	return m
}

// grams reads the vocabulary and says whether it is one: grams in ascending order, none longer than the longest nor shared by fewer
// messages than may be.
func (r *reader) grams(v *vocabulary) bool {
	last := ""
	for range r.number(maxGram) {
		same := r.number(uint64(len(last)))
		g := last[:same] + string(r.bytes(r.number(maxLongest*utf8.UTFMax)))
		have := r.number(uint64(v.docs))
		if r.bad || g <= last || !utf8.ValidString(g) || utf8.RuneCountInString(g) > v.longest || have < leastShared {
			return false
		}
		v.grams, v.have = append(v.grams, g), append(v.have, int32(have))
		last = g
	}
	return !r.bad
}
