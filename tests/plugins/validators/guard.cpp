// A validator of public.things through the raw C ABI that breaks one rule, named by its setting
// `mode`. With GUARD_MISFIT it needs a column that nobody writes, with GUARD_WRITES its assertion
// changes what no rollback takes back.
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "../tiny.hpp"

namespace {

struct Instance {
  std::string mode;
};

std::string_view view(mig_str text) { return {text.data, text.size}; }

void* begin(const mig_settings* settings, mig_error*) noexcept {
  auto* made = new Instance;
  for (std::uint32_t i = 0; i < settings->n_values; ++i) {
    made->mode = view(settings->values[i]->value);
  }
  if (made->mode == "begins_never") {
    while (true) std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  if (made->mode != "no_begin") return made;
  delete made;
  return nullptr;
}

void report(const mig_check& host, std::uint32_t row, std::string_view code,
            std::string_view column) {
  mig_issue issue{};
  issue.struct_size = sizeof issue;
  issue.severity = MIG_NOTE;
  issue.row = row;
  issue.code = tiny::str(code);
  issue.column = tiny::str(column);
  host.report(host.host, &issue);
}

/// Reads what it was shown for as long as it lives, as a loop over rows would.
[[noreturn]] void loop(const mig_batch& batch) {
  volatile char seen = 0;
  while (true) {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      const mig_cell& cell = batch.cells[row];
      if ((cell.flags & MIG_CELL_NULL) == 0 && cell.size > 0) seen = cell.as.data[0];
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  static_cast<void>(seen);
}

mig_status check(void* self, const mig_batch* batch, const mig_check* host,
                 mig_error* error) noexcept {
  const std::string& mode = static_cast<Instance*>(self)->mode;
  if (mode == "fails") return tiny::failed(error, "the moon is not full");
  if (mode == "fails_without_a_word") return MIG_FAILED;
  if (mode == "gives_up") return MIG_CANCELLED;
  if (mode == "loops") loop(*batch);
  if (mode == "aborts") std::abort();
  if (mode == "other_code") report(*host, 0, "made_up", "code");
  if (mode == "other_row") report(*host, batch->rows, "odd", "code");
  if (mode == "other_column") report(*host, 0, "odd", "amount");
  if (mode == "floods") {
    for (int times = 0; times < 1'000'000; ++times) report(*host, 0, "odd", "code");
  }
  return MIG_OK;
}

mig_status finish(void* self, const mig_check* host, mig_error* error) noexcept {
  const std::string& mode = static_cast<Instance*>(self)->mode;
  if (mode == "fails_at_the_end") return tiny::failed(error, "the moon is not full");
  if (mode == "speaks_at_the_end") report(*host, 0, "odd", "code");
  return MIG_OK;
}

void end(void* self) noexcept { delete static_cast<Instance*>(self); }

#ifdef GUARD_MISFIT
constexpr mig_column code_column = tiny::column("colour", MIG_TEXT, true);
#else
constexpr mig_column code_column = tiny::column("code", MIG_TEXT, true);
#endif
constexpr const mig_column* columns[] = {&code_column};

constexpr mig_code odd = {sizeof(mig_code), 0, tiny::str("odd"), tiny::str("odd")};
constexpr const mig_code* codes[] = {&odd};

#ifdef GUARD_WRITES
constexpr std::string_view assertion = "SELECT setval('public.counter', 99) OFFSET 1";
#else
constexpr std::string_view assertion = "SELECT 1 WHERE pg_sleep(60) IS NULL";
#endif
constexpr mig_assertion slow = {sizeof(mig_assertion), MIG_NOTE, tiny::str("slow"),
                                tiny::str(assertion), tiny::str("this takes a minute, or writes")};
constexpr const mig_assertion* assertions[] = {&slow};

constexpr mig_validator make_validator() {
  mig_validator made{};
  made.struct_size = sizeof made;
  made.name = tiny::str("watch");
  made.applies_to = tiny::str("probe.things");
  made.columns = columns;
  made.n_columns = 1;
  made.codes = codes;
  made.n_codes = 1;
  made.assertions = assertions;
  made.n_assertions = 1;
  made.begin = begin;
  made.check = check;
  made.finish = finish;
  made.end = end;
  return made;
}

constexpr mig_validator validator = make_validator();
constexpr const mig_validator* validators[] = {&validator};

constexpr mig_setting mode = {sizeof(mig_setting), MIG_SETTING_TEXT, {},
                              tiny::str("mode"),   tiny::str(""),    tiny::str("a rule")};
constexpr const mig_setting* settings[] = {&mode};

constexpr mig_plugin make_plugin() {
  mig_plugin made{};
  made.struct_size = sizeof made;
  made.abi_major = MIG_ABI_MAJOR;
  made.abi_minor = MIG_ABI_MINOR;
  made.min_host_minor = MIG_ABI_MINOR;
  made.family = tiny::str("guard");
  made.version = tiny::str("3.2.1");
  made.build = tiny::str("test");
  made.validators = validators;
  made.n_validators = 1;
  made.settings = settings;
  made.n_settings = 1;
  return made;
}

constexpr mig_plugin plugin = make_plugin();

}  // namespace

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
