#include "financial_test.hpp"

namespace financial::tests {
namespace {

TEST(Shipments, SayThatTheyAreSynthetic) {
  const outcome got =
      financial_bench()
          .knows("core.orders", 77)
          .run<shipments>({{.id = 77, .updated_at = at("2025-06-02T10:00:00Z")}, {.id = 77}});
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(got.row(0).uuid("order_id"), key_of("core.orders", 77));
  EXPECT_EQ(got.row(0).timestamp("shipped_at"), at("2025-06-02T10:00:00Z"));
  EXPECT_EQ(got.row(0).json("metadata"),
            R"({"synthetic":true,"legacy_instruction_id":77,"derived":["shipped_at"]})");
  EXPECT_TRUE(got.row(1).is_null("shipped_at"));
  EXPECT_EQ(got.row(1).json("metadata"), R"({"synthetic":true,"legacy_instruction_id":77})");
}

TEST(Shipments, NeedTheirOrder) {
  EXPECT_TRUE(financial_bench().run<shipments>({{.id = 78}}).rejected(0, "missing_parent"));
  EXPECT_TRUE(
      financial_bench().holds_back("core.orders", 78).run<shipments>({{.id = 78}}).parked(0));
}

TEST(Shipments, InventNeitherCarrierNorTrackingNumber) {
  for (const auto& column : std::vector<std::string>{"carrier", "tracking_number"}) {
    const outcome got = financial_bench().knows("core.orders", 77).run<shipments>({{.id = 77}});
    EXPECT_THROW(got.row(0).is_null(column), std::logic_error) << "no such column is emitted";
  }
}

}  // namespace
}  // namespace financial::tests
