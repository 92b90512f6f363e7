#include "run/held_keys.hpp"

#include "pg/copy_out.hpp"
#include "run/closure.hpp"
#include "run/existing_rows.hpp"
#include "run/natural_keys.hpp"

namespace mighost {
namespace {

/// SQL: the row is none of those that this replay drives again.
std::string not_driven(const RunContext& run, const std::string& row) {
  if (run.replayed.empty()) return "true";
  return "NOT EXISTS (SELECT FROM " + std::string(closure_table) + " AS c WHERE c.entity = " + row +
         ".entity AND c.legacy_key = " + row + ".legacy_key)";
}

}  // namespace

void load_parent_keys(RunContext& run, const Entity& parent, KeyBook& book) {
  load_aliases(run, parent, book);
  // Rows that were found by a natural key are all aliases; where there are none, nobody has looked.
  const bool natural = parent.identity == MIG_IDENTITY_NATURAL;
  if (!natural || book.alias_count() == 0) load_existing_keys(run.target, parent, book);
}

std::vector<const Entity*> open_books(RunContext& run) {
  key_budget().set_limit(run.memory.key_bytes);
  const auto book_of = [&](const Entity& entity) -> KeyBook& {
    auto book = std::make_shared<KeyBook>(entity, run.config.identity_namespace);
    return *run.books.emplace(entity.name, std::move(book)).first->second;
  };
  for (const PlannedEntity& planned : run.plan.entities) book_of(*planned.entity);
  std::vector<const Entity*> without_rows;
  for (const Entity* parent : run.plan.read_only_parents) {
    load_parent_keys(run, *parent, book_of(*parent));
    if (!target_has_rows(run.target, quote_relation(parent->target))) {
      without_rows.push_back(parent);
    }
  }
  return without_rows;
}

void load_held_keys(RunContext& run, const std::vector<std::string>& entities) {
  if (entities.empty()) return;
  const Rows held = run.target.query(
      "SELECT h.entity, h.legacy_key FROM mighost.held_back AS h "
      "WHERE h.entity = ANY ($1::text[]) AND " +
          not_driven(run, "h"),
      {text_array(entities)});
  for (const auto& row : held.rows) {
    KeyBook& book = *run.books.at(*row[0]);
    const Entity& entity = book.entity();
    if (const auto key = parse_key(entity.source_columns, entity.n_key, *row[1])) {
      book.add_held(*key);
    }
  }
}

void load_aliases(RunContext& run, const Entity& entity, KeyBook& book) {
  if (entity.identity_column.empty()) return;
  const Rows any = run.target.query(
      "SELECT EXISTS (SELECT FROM mighost.new_keys WHERE merged AND entity = $1)", {entity.name});
  if (any.value() != "t") return;
  const std::string id = "t." + quote_identifier(entity.identity_column);
  // Of a row that was merged in several runs, what the latest says; if its survivor is there still.
  const std::string query =
      "SELECT k.legacy_key, " + id +
      " FROM (SELECT DISTINCT ON (k.legacy_key) k.legacy_key, k.new_key FROM mighost.new_keys AS k "
      "JOIN mighost.runs USING (run_id) WHERE k.merged AND k.entity = " +
      quote_literal(entity.name) + " AND " + not_driven(run, "k") +
      " ORDER BY k.legacy_key, started_at DESC) AS k JOIN " + quote_relation(entity.target) +
      " AS t ON " + id + "::text = k.new_key";
  const mig_type id_type = key_type(query_columns(run.target, query).back());
  const RowDecoder decoder = decoder_for(run.target, query, {MIG_TEXT, id_type});
  mig_cell cells[2];
  CopyOut copy(run.target, query);
  for (std::string_view row; copy.next(row);) {
    decoder.decode(row, cells);
    const std::string_view text{cells[0].as.data, cells[0].size};
    if (const auto key = parse_key(entity.source_columns, entity.n_key, text)) {
      book.add_alias(*key, NewKey::from(cells[1]));
    }
  }
}

}  // namespace mighost
