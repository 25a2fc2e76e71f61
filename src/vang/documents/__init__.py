"""Sổ văn bản: the register of documents, what each is based on, and who must know it."""
