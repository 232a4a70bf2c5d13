"""The graph in other forms, one module a format, all with ``write(graph, path, documents)``."""
