//! Tests of the reader on documents as programs write them, and on what is left of them.
