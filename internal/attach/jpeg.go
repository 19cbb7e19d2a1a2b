package attach

import "encoding/binary"

// header is what the markers of a JPEG file say before it is decoded.
type header struct {
	orientation int  // 1 to 8 as EXIF counts; 1 if nothing is said
	progressive bool // decoding keeps all coefficients
	components  int
}

// readHeader walks over the markers up to the picture. What makes no sense is left to the decoder.
func readHeader(b []byte) header {
	h := header{orientation: 1}
	for i := 2; i+4 <= len(b); {
		if b[i] != 0xff {
			return h
		}
		marker := b[i+1]
		if marker == 0xff { // fill byte
			i++
			continue
		}
		if marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8) { // without a length
			i += 2
			continue
		}
		if marker == 0xd9 || marker == 0xda { // end, or the picture begins
			return h
		}
		n := int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 2 || i+2+n > len(b) {
			return h
		}
		body := b[i+4 : i+2+n]
		switch {
		case marker == 0xe1:
			if o := orientation(body); o != 0 {
				h.orientation = o
			}
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			h.progressive = marker == 0xc2
			if len(body) >= 6 {
				h.components = int(body[5])
			}
		}
		i += 2 + n
	}
	return h
}

// orientation reads the EXIF orientation from the body of an APP1 marker; 0 if it does not say.
func orientation(b []byte) int {
	if len(b) < 14 || string(b[:6]) != "Exif\x00\x00" {
		return 0
	}
	t := b[6:]
	var order binary.ByteOrder
	switch string(t[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(t[4:]))
	if at+2 > uint64(len(t)) {
		return 0
	}
	n := uint64(order.Uint16(t[at:]))
	for e := at + 2; n > 0 && e+12 <= uint64(len(t)); n, e = n-1, e+12 {
		if order.Uint16(t[e:]) != 0x0112 {
			continue
		}
		if v := int(order.Uint16(t[e+8:])); order.Uint16(t[e+2:]) == 3 && v >= 1 && v <= 8 {
			return v
		}
		return 0
	}
	return 0
}
