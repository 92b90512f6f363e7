// What the server says of a query that it does not run: its columns, why it would refuse it, how
// many rows its planner expects.
#include <libpq-fe.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "pg/catalog.hpp"

namespace mighost {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

/// Runs `work`, which the server may refuse, without breaking a transaction that is open.
template <class Work>
std::optional<ServerError> attempt(Session& session, Work work) {
  const bool inside = PQtransactionStatus(session.raw()) == PQTRANS_INTRANS;
  if (inside) session.execute("SAVEPOINT mighost_probe");
  std::optional<ServerError> refused;
  try {
    work();
  } catch (const SqlError& error) {
    refused = error.error();
  }
  if (inside && !(refused && refused->connection_lost)) {
    if (refused) session.execute("ROLLBACK TO SAVEPOINT mighost_probe");
    session.execute("RELEASE SAVEPOINT mighost_probe");
  }
  return refused;
}

/// Prepares the statement under no name and has it described: parsed and analysed, never run.
Result describe(Session& session, const std::string& sql) {
  PGconn* connection = session.raw();
  const Result prepared(PQprepare(connection, "", sql.c_str(), 0, nullptr));
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) {
    throw SqlError(last_error(session, prepared.get()), sql);
  }
  Result described(PQdescribePrepared(connection, ""));
  if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) {
    throw SqlError(last_error(session, described.get()), sql);
  }
  return described;
}

// A description names the base types of domains only, so there is nothing to resolve.
constexpr const char* types_sql = R"(
SELECT i.position, pg_catalog.format_type(i.type, i.modifier), t.typtype, t.typcategory
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.oid[]),
                  pg_catalog.unnest($2::pg_catalog.int4[]))  -- unnest(a, b) must not be qualified
       WITH ORDINALITY AS i (type, modifier, position)
  JOIN pg_catalog.pg_type t ON t.oid = i.type)";

void read_types(Session& session, std::vector<CatalogColumn>& columns) {
  std::string types = "{", modifiers = "{";
  for (const auto& column : columns) {
    if (types.size() > 1) types += ',', modifiers += ',';
    types += std::to_string(column.type_oid);
    modifiers += std::to_string(column.type_modifier);
  }
  for (const auto& row : session.query(types_sql, {types + "}", modifiers + "}"}).rows) {
    const auto text = [&](std::size_t i) { return row.at(i).value_or(""); };
    const auto letter = [&](std::size_t i) { return text(i).empty() ? ' ' : text(i).front(); };
    CatalogColumn& column = columns.at(std::strtoul(text(0).c_str(), nullptr, 10) - 1);
    column.type_name = text(1);
    column.base_type_oid = column.type_oid;
    column.type_type = column.base_type_type = letter(2);
    column.category = letter(3);
  }
}

void collect_tables(const nlohmann::json& node, std::set<std::string>& tables) {
  if (node.contains("Relation Name")) {
    tables.insert(node.value("Schema", "public") + "." +
                  node.at("Relation Name").get<std::string>());
  }
  if (!node.contains("Plans")) return;
  for (const auto& child : node.at("Plans")) collect_tables(child, tables);
}

}  // namespace

std::vector<CatalogColumn> query_columns(Session& session, const std::string& query) {
  // The line break keeps a comment at the end of the query from swallowing the parenthesis.
  const std::string sql = "SELECT * FROM (" + query + "\n) AS q LIMIT 0";
  std::vector<CatalogColumn> columns;
  const auto refused = attempt(session, [&] {
    const Result described = describe(session, sql);
    for (int i = 0; i < PQnfields(described.get()); ++i) {
      CatalogColumn column;
      column.name = PQfname(described.get(), i);
      column.type_oid = PQftype(described.get(), i);
      column.type_modifier = PQfmod(described.get(), i);
      columns.push_back(std::move(column));
    }
  });
  if (refused) throw SqlError(*refused, sql);
  if (!columns.empty()) read_types(session, columns);
  return columns;
}

std::optional<ServerError> refusal(Session& session, const std::string& sql) {
  return attempt(session, [&] { describe(session, sql); });
}

QueryEstimate estimate_query(Session& session, const std::string& query) {
  QueryEstimate estimate;
  estimate.refused = attempt(session, [&] {
    const Rows rows =
        session.query("EXPLAIN (VERBOSE, COSTS, FORMAT JSON) SELECT * FROM (" + query + "\n) AS q");
    const auto plan = nlohmann::json::parse(rows.value().value_or("[]"), nullptr, false);
    if (!plan.is_array() || plan.empty() || !plan[0].contains("Plan")) return;
    estimate.rows = plan[0]["Plan"].value("Plan Rows", -1.0);
    std::set<std::string> tables;
    collect_tables(plan[0]["Plan"], tables);
    estimate.tables.assign(tables.begin(), tables.end());
  });
  return estimate;
}

}  // namespace mighost
