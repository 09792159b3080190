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

static const unsigned char migrations[] = {
#embed "migrations/0001_runtime_settings.sql"
, 0,
#embed "migrations/0002_jobs.sql"
, 0,
#embed "migrations/0003_budget.sql"
, 0,
#embed "migrations/0004_job_deadlines.sql"
, 0,
#embed "migrations/0005_job_lane_use.sql"
, 0,
#embed "migrations/0006_catalogue.sql"
, 0,
#embed "migrations/0007_itineraries.sql"
, 0,
#embed "migrations/0008_accounts.sql"
, 0,
#embed "migrations/0009_first_trips.sql"
, 0,
#embed "migrations/0010_catalogue_words.sql"
, 0,
#embed "migrations/0011_catalogue_wheelchairs.sql"
, 0,
#embed "migrations/0012_trips.sql"
, 0,
#embed "migrations/0013_notifications.sql"
, 0,
#embed "migrations/0014_planners.sql"
, 0,
#embed "migrations/0015_catalogue_waypoints.sql"
, 0,
#embed "migrations/0016_trip_clearing.sql"
, 0,
#embed "migrations/0017_bookings.sql"
, 0,
#embed "migrations/0018_identities.sql"
, 0,
#embed "migrations/0019_trip_headlines.sql"
, 0,
#embed "migrations/0020_booking_names.sql"
, 0,
#embed "migrations/0021_prices.sql"
, 0,
#embed "migrations/0022_selected_bookings.sql"
, 0,
#embed "migrations/0023_inventory.sql"
, 0,
#embed "migrations/0024_event_relay.sql"
, 0,
#embed "migrations/0025_payment_notes.sql"
, 0,
#embed "migrations/0026_book_comparison.sql"
, 0,
#embed "migrations/0027_lost_looking.sql"
, 0,
#embed "migrations/0028_packed_trips.sql"
, 0,
};
wayfare_file wayfare_migrations(void) { return (wayfare_file){migrations, sizeof migrations}; }

static const unsigned char templates[] = {
#embed "templates/en.txt"
, 0,
#embed "templates/de.txt"
, 0,
#embed "templates/fr.txt"
, 0,
#embed "templates/es.txt"
, 0,
#embed "templates/pt.txt"
, 0,
#embed "templates/it.txt"
, 0,
};
wayfare_file wayfare_templates(void) { return (wayfare_file){templates, sizeof templates}; }
