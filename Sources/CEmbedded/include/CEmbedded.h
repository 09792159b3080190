// Files that are inside the program, as the C compiler puts them there: as literals of Swift's they cost half a minute of
// every build.
#pragma once

// A file's bytes, which last as long as the process.
typedef struct {
  const unsigned char *_Nonnull start;
  long count;
} wayfare_file;

// Passwords that everybody tries first, a line each.
wayfare_file wayfare_common_passwords(void);

// The tables of data/budget.
wayfare_file wayfare_budget_places(void);
wayfare_file wayfare_budget_defaults(void);
wayfare_file wayfare_budget_seasons(void);
wayfare_file wayfare_budget_factors(void);
wayfare_file wayfare_budget_taxes(void);
wayfare_file wayfare_budget_rates(void);

// The statements of every migration, oldest first, each ended by a NUL.
wayfare_file wayfare_migrations(void);

// The words of messages in English, German, French, Spanish, Portuguese and Italian, each ended by a NUL.
wayfare_file wayfare_templates(void);
