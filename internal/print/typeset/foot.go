package typeset

import "linli/internal/i18n"

// footQR is the side of the QR code in the foot of a page.
const footQR = 17

// foot is the height that the foot of a page needs.
func (s Setup) foot() float64 {
	if s.Verify.Code == "" {
		return 20
	}
	return footQR + 11
}

// feet draws the foot of every page, now that their number is known: when the paper was made, which
// page this is, and on each page the code by which it can be checked.
func (d *Doc) feet() {
	all, lacking := d.pages, map[int]bool{}
	for _, m := range d.lost {
		lacking[m.Page] = true
	}
	if !d.setup.Feet {
		return
	}
	for i := range all {
		d.pages = all[:i+1]
		d.foot(i+1, len(all), lacking[i+1])
	}
	d.pages = all
}

func (d *Doc) foot(page, of int, lacking bool) {
	st := Small
	top := d.setup.Size.H - d.setup.foot() + 3
	if lacking {
		s := d.say(i18n.PrintMissing)
		d.Put(Frame{d.left(), top - st.line(), d.Width(), st.line()}, s, Style{Size: 7.5, Color: Grey})
	}
	d.verification(top)
	st.Align = End
	right := []string{d.say(i18n.PrintPage, page, of)}
	if d.setup.Footer != "" {
		right = append([]string{d.setup.Footer}, right...)
	}
	y := d.setup.Size.H - 8 - float64(len(right))*st.line()
	for _, s := range right {
		d.oneLine(tidy(s), s, st, Frame{d.left(), y, d.Width(), st.line()})
		y += st.line()
	}
}

// verification draws the QR code and says how the paper can be checked, with and without a telephone.
func (d *Doc) verification(top float64) {
	v := d.setup.Verify
	if v.Code == "" {
		return
	}
	x := d.left()
	if v.URL != "" {
		d.QR(Frame{x - 1.5, top, footQR, footQR}, v.URL, true)
		x += footQR + 1.5
	}
	w := d.Width() - 45 - (x - d.left())
	d.Put(Frame{x, top + 1, w, 5}, d.say(i18n.PrintVerifyCode, v.Code), Style{Size: 9.5})
	d.Put(Frame{x, top + 6, w, 4.5}, d.say(i18n.PrintVerifyHow), Style{Size: 8, Color: Grey, Leading: 1.3})
	d.Put(Frame{x, top + 10.5, w, 4.5}, v.URL, Style{Size: 8, Color: Grey, Leading: 1.3})
}
