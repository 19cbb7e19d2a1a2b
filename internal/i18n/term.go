package i18n

import "strings"

// Term is a word of the field as the catalogue of facts knows it: how it is called, what else offices call it on their forms, and
// what it means. Synonyms are Chinese only: they serve to recognise what is printed and are never shown as text of the platform.
type Term struct {
	Name     Text
	Synonyms []string
	Doc      Text
}

// term makes a Term; the synonyms are separated by blanks.
func term(name, doc Text, synonyms string) Term {
	return Term{Name: name, Doc: doc, Synonyms: strings.Fields(synonyms)}
}

// Labels are all words for the term, its name first.
func (t Term) Labels() []string { return append([]string{t.Name.zh}, t.Synonyms...) }

// Joined is the name of what belongs to somebody: in Chinese the one before the other, in English the other way round.
func Joined(whose, what Text) Text {
	return Text{whose.zh + what.zh, what.en + " (" + whose.en + ")"}
}
