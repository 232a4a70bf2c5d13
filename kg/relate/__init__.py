"""Facts between the entities of an article: relations, statuses, and whose a figure is.

Candidates are proposed by the schema (which types a relation may join) and by nearness in the text; a small
maximum-entropy model, trained on annotated articles, chooses among them. Each fact quotes its sentence.
"""
