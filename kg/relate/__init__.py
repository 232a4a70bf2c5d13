"""Facts between the entities of an article: relations, statuses, and whose a figure is.

Candidates are proposed by the schema (which types a relation may join) and by nearness in the text; a
network trained on annotated articles (:mod:`kg.relate.reader`) chooses among them. Each fact quotes its sentence.
"""
