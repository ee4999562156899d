"""What can be asked across contexts: the book as columns, the receivables, the proofs."""
