// Which numerics are one value to a fingerprint: those that the server calls equal.
#include <gtest/gtest.h>

#include <random>

#include "batch/canonical.hpp"
#include "config/run_config.hpp"
#include "pg/copy_out.hpp"
#include "pg/wire.hpp"
#include "support/migration.hpp"

namespace mighost::test {
namespace {

/// A numeric in many forms; the server says which are equal.
TEST(VerifyNumerics, HaveOneHashExactlyWhenTheServerCallsThemEqual) {
  std::mt19937 random(20260101);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const auto number = [&] {
    std::string text = pick(3) == 0 ? "-" : "";
    for (int digits = pick(12); digits >= 0; --digits) text += "0012359"[pick(7)];
    if (pick(2) == 0) {
      text += ".";
      for (int digits = pick(9); digits >= 0; --digits) text += "00012359"[pick(8)];
    }
    if (pick(4) == 0) text += "e" + std::to_string(pick(17) - 8);
    return pick(40) == 0 ? std::string("NaN") : text;
  };
  std::string values;
  for (int pair = 0; pair < 2000; ++pair) {
    const std::string left = number();
    // Half of them are the same number in another form.
    std::string right = number();
    if (pair % 2 == 0) right = left;
    values += (pair == 0 ? "('" : ", ('") + left + "'::numeric, '" + right + "'::numeric * 1." +
              std::string(static_cast<std::size_t>(pick(6)), '0') + ")";
  }
  Migration migration("probe");
  Endpoint endpoint;
  endpoint.conninfo = migration.target_url();
  Session session(endpoint, Session::Role::target, LoadConfig{}, "numerics");
  CopyOut copy(session, "SELECT a, b, a = b FROM (VALUES " + values + ") AS pairs (a, b)");
  int equal = 0, rows = 0;
  for (std::string_view row; copy.next(row); ++rows) {
    std::string_view fields[3];
    row.remove_prefix(2);
    for (auto& field : fields) {
      const auto size = static_cast<std::size_t>(wire::get<std::int32_t>(row.data()));
      field = row.substr(4, size);
      row.remove_prefix(4 + size);
    }
    const bool same = hash_value(fields[0], ValueForm::numeric, -1, 3) ==
                      hash_value(fields[1], ValueForm::numeric, -1, 3);
    EXPECT_EQ(same, fields[2] == std::string_view("\1", 1)) << "pair " << rows;
    equal += same ? 1 : 0;
  }
  EXPECT_EQ(rows, 2000);
  EXPECT_GE(equal, 1000);
  EXPECT_LT(equal, 2000);
}

}  // namespace
}  // namespace mighost::test
