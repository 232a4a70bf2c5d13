"""The graph as RDF: names, syntaxes, the mapping both ways, the data set's own description, the vocabulary."""
