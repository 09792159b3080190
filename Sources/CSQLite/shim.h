#pragma once
#include <sqlite3.h>

// SQLite's marks for bound memory are casts of numbers to function pointers, which Swift does not import.

// The memory stays as it is until the statement is reset or bound anew.
static inline int wayfare_bind_borrowed_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_STATIC);
}

// SQLite copies the memory at once.
static inline int wayfare_bind_copied_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
