//! Tests of the reader over documents that they build.
