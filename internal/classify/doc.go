// Package classify proposes a label for a short Chinese text, and says which of its words decided. It learns from examples that
// people labelled: an installation's own, or a file of them. It knows nothing of the field: a label is a name.
//
// It only proposes. Propose gives labels with a probability and with words; where it knows too little it gives nothing. A person
// decides, and nothing here is about who wrote.
//
// How it works: a text is the set of its characters, pairs and triples of neighbouring characters (package gram: numbers masked,
// punctuation apart), each with a value that grows with how often the text has it and how rare it is; the title counts three times.
// For each label a linear support vector machine finds the weights that part its messages from all others; how far a message lies on
// the side of each label becomes a probability, by a scale that is fitted on messages kept back from training.
//
// What a model holds of the messages: the grams that at least three different messages share, how many share each, and their
// weights. Messages of one sender, and copies of one message, count as one (package alike), so the name or the telephone number of
// one person is not in it; numbers are never in it. The same examples give the same model, byte for byte.
package classify
