#include "CEmbedded.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char common_passwords[] = {
#embed "accounts/common-passwords.txt"
};
wayfare_file wayfare_common_passwords(void) { return (wayfare_file){common_passwords, sizeof common_passwords}; }

static const unsigned char budget_places[] = {
#embed "budget/places.csv"
};
wayfare_file wayfare_budget_places(void) { return (wayfare_file){budget_places, sizeof budget_places}; }

static const unsigned char budget_defaults[] = {
#embed "budget/defaults.csv"
};
wayfare_file wayfare_budget_defaults(void) { return (wayfare_file){budget_defaults, sizeof budget_defaults}; }

static const unsigned char budget_seasons[] = {
#embed "budget/seasons.csv"
};
wayfare_file wayfare_budget_seasons(void) { return (wayfare_file){budget_seasons, sizeof budget_seasons}; }

static const unsigned char budget_factors[] = {
#embed "budget/factors.csv"
};
wayfare_file wayfare_budget_factors(void) { return (wayfare_file){budget_factors, sizeof budget_factors}; }

static const unsigned char budget_taxes[] = {
#embed "budget/taxes.csv"
};
wayfare_file wayfare_budget_taxes(void) { return (wayfare_file){budget_taxes, sizeof budget_taxes}; }

static const unsigned char budget_rates[] = {
#embed "budget/rates.csv"
};
wayfare_file wayfare_budget_rates(void) { return (wayfare_file){budget_rates, sizeof budget_rates}; }
