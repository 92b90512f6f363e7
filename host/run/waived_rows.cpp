#include "run/waived_rows.hpp"

#include "batch/legacy_key.hpp"
#include "ledger/standing.hpp"
#include "ledger/waivers.hpp"

namespace mighost {
namespace {

void add(KeyBook& book, const std::vector<std::string>& keys) {
  const Entity& entity = book.entity();
  for (const std::string& text : keys) {
    const auto key = parse_key(entity.source_columns, entity.n_key, text);
    if (key) book.add_waiver(*key);
  }
}

}  // namespace

void add_waived_rows(Session& target, KeyBook& book, bool with_what_waits) {
  if (target.query("SELECT count(*) FROM mighost.waivers").value() == "0") return;
  const std::string& entity = book.entity().name;
  if (!with_what_waits) return add(book, waived_keys(target, entity));
  // Another book of the same transaction may need the same temporary tables.
  target.execute("SAVEPOINT mighost_standing");
  const auto keys = Standing(target, Standing::Detail::keys_and_codes).waived_keys(entity);
  target.execute("ROLLBACK TO SAVEPOINT mighost_standing");
  target.execute("RELEASE SAVEPOINT mighost_standing");
  add(book, keys);
}

void load_waived_rows(RunContext& run) {
  if (run.target.query("SELECT count(*) FROM mighost.waivers").value() == "0") return;
  for (const auto& [entity, book] : run.books) add(*book, waived_keys(run.target, entity));
  if (run.plan.read_only_parents.empty()) return;
  const Standing standing(run.target, Standing::Detail::keys_and_codes);
  for (const Entity* parent : run.plan.read_only_parents) {
    add(*run.books.at(parent->name), standing.waived_keys(parent->name));
  }
}

}  // namespace mighost
