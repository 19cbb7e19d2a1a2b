({
  // Helpers of the browser tests: elements are found as a person finds them, by what they say.
  say(e) {
    const by = (e.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
      .map(id => document.getElementById(id)).filter(Boolean).map(x => x.textContent).join(' ');
    const own = e.tagName === 'INPUT' ? e.value : (e.innerText || e.textContent);
    const image = e.querySelector && e.querySelector('img[alt]');
    return this.plain(by || e.getAttribute('aria-label') || own || e.title || (image && image.alt) || '');
  },
  plain(s) { return (s || '').replace(/\s+/g, ' ').trim(); },
  visible(e) {
    return e.checkVisibility({visibilityProperty: true, opacityProperty: false}) && e.getClientRects().length > 0;
  },
  // best gives the elements whose words are text; failing that, begin with it; failing that, contain it.
  best(list, text, words) {
    const want = this.plain(text);
    for (const fits of [s => s === want, s => s.startsWith(want), s => s.includes(want)]) {
      const hits = list.filter(e => words(e).some(fits));
      if (hits.length) return hits;
    }
    return [];
  },
  // place gives the point to press, after scrolling there and making sure that nothing covers it.
  place(e) {
    if (!e) return {Problem: 'not found'};
    if (e.disabled || e.getAttribute('aria-disabled') === 'true') return {Problem: 'it is disabled'};
    e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
    const r = e.getClientRects()[0];
    if (!r || !r.width || !r.height) return {Problem: 'it has no size'};
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    const top = document.elementFromPoint(x, y);
    if (top && (top === e || e.contains(top) || top.contains(e) && top.tagName === 'LABEL')) return {X: x, Y: y, Problem: ''};
    return {Problem: 'it is covered by ' + (top ? top.outerHTML.slice(0, 120) : 'nothing (outside the window)')};
  },
  pressable: 'a[href],button,summary,label,input[type=submit],input[type=button],input[type=reset],' +
    '[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=switch],[role=checkbox],[role=radio]',
  within(root, text) {
    const hits = this.best([...root.querySelectorAll(this.pressable)].filter(e => this.visible(e)), text, e => [this.say(e)]);
    const open = document.querySelector('dialog[open]');
    return hits.find(e => open && open.contains(e)) || hits.find(e => e.tagName !== 'LABEL') || hits[0];
  },
  click(selector, text) {
    const root = selector ? [...document.querySelectorAll(selector)].find(e => this.visible(e)) : document;
    if (!root) return {Problem: 'nothing visible matches ' + selector};
    return this.place(this.within(root, text));
  },
  row(row, text) {
    const rows = [...document.querySelectorAll('tr,li,article,[role=row],[role=listitem],.card,.list-group-item')]
      .filter(e => this.visible(e) && this.plain(e.innerText).includes(this.plain(row)))
      .filter(e => this.within(e, text));
    if (!rows.length) return {Problem: 'no such row holds it'};
    const inner = rows.find(e => !rows.some(o => o !== e && e.contains(o)));
    return this.place(this.within(inner, text));
  },
  on(selector) { return this.place([...document.querySelectorAll(selector)].find(e => this.visible(e))); },

  // labelled gives the field that carries this label. File fields and boxes may be drawn by their label.
  labelled(label) {
    const fields = [...document.querySelectorAll('input:not([type=hidden]),select,textarea,[contenteditable=true],[role=combobox],[role=textbox]')]
      .filter(e => this.visible(e) || ((e.type === 'file' || e.type === 'checkbox' || e.type === 'radio') && [...(e.labels || [])].some(l => this.visible(l))));
    const words = e => [...(e.labels || [])].map(l => this.plain(l.innerText || l.textContent)).concat(
      this.plain((e.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
        .map(id => document.getElementById(id)).filter(Boolean).map(x => x.textContent).join(' ')),
      this.plain(e.getAttribute('aria-label')), this.plain(e.getAttribute('placeholder'))).filter(Boolean);
    const hits = this.best(fields, label, words);
    const open = document.querySelector('dialog[open]');
    return hits.find(e => open && open.contains(e)) || hits[0];
  },
  typed: ['text', 'search', 'email', 'tel', 'url', 'password', 'number', 'textarea'],
  focus(label) {
    const e = this.labelled(label);
    if (!e) return {Problem: 'not found'};
    if (e.disabled || e.readOnly) return {Problem: 'it cannot be changed'};
    e.scrollIntoView({block: 'center', behavior: 'instant'});
    e.focus();
    if (!this.typed.includes(e.type)) return {Kind: 'set', Problem: ''};
    e.select();
    return {Kind: 'typed', Problem: document.activeElement === e ? '' : 'it does not take the focus'};
  },
  changed() {
    const e = document.activeElement;
    if (e) e.dispatchEvent(new Event('change', {bubbles: true}));
  },
  set(label, value) {
    const group = this.group(label, value);
    const e = group || this.labelled(label);
    if (!e) return 'not found';
    if (e.disabled || e.readOnly) return 'it cannot be changed';
    if (e.type === 'checkbox') {
      if (e.checked !== value) e.click();
      return e.checked === value ? '' : 'it does not stay so';
    }
    if (e.type === 'radio') { e.click(); return e.checked ? '' : 'it does not stay so'; }
    if (e.tagName === 'SELECT') {
      const o = [...e.options].find(o => o.value === value) || this.best([...e.options], value, o => [this.plain(o.text)])[0];
      if (!o) return 'it has no option ' + value + ' but ' + [...e.options].map(o => this.plain(o.text)).join(', ');
      e.value = o.value;
    } else if (e.isContentEditable) {
      e.textContent = value;
    } else {
      e.value = value;
      if (e.value !== value && !(e.type === 'datetime-local' || e.type === 'time')) return 'it does not accept ' + value;
    }
    e.dispatchEvent(new Event('input', {bubbles: true}));
    e.dispatchEvent(new Event('change', {bubbles: true}));
    return '';
  },
  // group finds a radio button by its own label inside the group (fieldset) called label.
  group(label, value) {
    const sets = this.best([...document.querySelectorAll('fieldset,[role=radiogroup]')].filter(e => this.visible(e)), label,
      e => [this.plain((e.querySelector('legend') || {}).innerText), this.plain(e.getAttribute('aria-label'))].filter(Boolean));
    for (const s of sets) {
      const hits = this.best([...s.querySelectorAll('input[type=radio]')], value,
        e => [...(e.labels || [])].map(l => this.plain(l.innerText)).concat(e.value));
      if (hits.length) return hits[0];
    }
    return null;
  },
  mark(label) {
    const e = this.labelled(label);
    if (!e) return 'not found';
    if (e.type !== 'file') return 'it takes no files';
    e.setAttribute('data-browsertest', '');
    return '';
  },
  value(label) {
    const e = this.labelled(label);
    if (!e) return {Problem: 'not found'};
    if (e.type === 'checkbox' || e.type === 'radio') return {Value: String(e.checked), Problem: ''};
    if (e.tagName === 'SELECT') return {Value: this.plain((e.selectedOptions[0] || {}).text), Problem: ''};
    return {Value: e.isContentEditable ? e.textContent : e.value, Problem: ''};
  },
  focused() {
    const e = document.activeElement;
    if (!e || e === document.body) return '';
    return e.labels && e.labels.length ? this.plain(e.labels[0].innerText) : this.say(e);
  },
  shows(text) { return !!document.body && this.plain(document.body.innerText).includes(this.plain(text)); },
  texts(selector) {
    return [...document.querySelectorAll(selector)].filter(e => this.visible(e)).map(e => this.plain(e.innerText || e.textContent));
  },
})
