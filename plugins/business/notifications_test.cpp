#include "business_test.hpp"

namespace business::tests {
namespace {

legacy_notification good_notification() {
  return {.id = 5700001,
          .created_at = noon,
          .sender = "lab@example.org",
          .template_name = "Order_Shipped",
          .template_context = R"({"order_number": "00BB-900", "carrier": "C", "barcode": 123})",
          .read = true,
          .item_id = 900,
          .item_type = "dispatch.instruction",
          .recipient_id = 8};
}

outcome run_notification(const legacy_notification& row) {
  return business_bench().knows("core.orders", 900).run<system_messages>({row});
}

outcome run_context(maybe_text context) {
  legacy_notification row = good_notification();
  row.template_context = context;
  return run_notification(row);
}

TEST(SystemMessages, CarriesEverything) {
  const outcome got = run_notification(good_notification());
  ASSERT_TRUE(got.clean());
  EXPECT_EQ(codes_of(got), codes{});
  const auto& row = got.row(0);
  EXPECT_EQ(row.text("message_type"), "order_update");
  EXPECT_EQ(row.text("message"), "order 00BB-900");
  EXPECT_EQ(row.uuid("order_id"), key_of("core.orders", 900));
  EXPECT_EQ(row.text("message_code"), "Order_Shipped");
  EXPECT_EQ(row.json("message_data"),
            R"({"order_number": "00BB-900", "carrier": "C", "barcode": 123})");
  EXPECT_EQ(row.text("barcode"), "123");
  EXPECT_TRUE(row.is_null("tracking_number"));
  EXPECT_EQ(row.text("carrier"), "C");
  EXPECT_EQ(row.integer("legacy_record_id"), 5700001);
  EXPECT_EQ(row.timestamp("created_at"), noon);
  EXPECT_EQ(row.json("metadata"), R"({"recipient_id":8,"sender":"lab@example.org","read":true,)"
                                  R"("item":"dispatch.instruction","item_id":900})");
  EXPECT_EQ(filters_of<system_messages>()[0],
            (std::pair<std::string, std::string>{"not_active", "sent and send"}));
}

TEST(SystemMessages, TypesByTheTemplatesName) {
  const std::pair<maybe_text, std::string_view> examples[] = {
      {"payment_for_ORDER", "order_update"},
      {"Shipment_payment", "shipment_update"},
      {"case_payment", "payment_update"},
      {"case_reminder", "case_update"},
      {"status_reminder", "reminder"},
      {"welcome_status", "welcome"},
      {"STATUS", "status_update"},
      {"hello", "notification"},
      {"", "notification"},
      {std::nullopt, "notification"}};
  for (const auto& [template_name, type] : examples) {
    legacy_notification row = good_notification();
    row.template_name = template_name;
    const outcome got = run_notification(row);
    EXPECT_EQ(got.row(0).text("message_type"), type);
    EXPECT_EQ(text_or_null(got.row(0), "message_code"), template_name.value_or("NULL"));
  }
}

TEST(SystemMessages, OnlyAnInstructionIsAnOrder) {
  for (const maybe_text type : {maybe_text{}, maybe_text{"dispatch.order"},
                                maybe_text{"dispatch.patient"}, maybe_text{"instruction"}}) {
    legacy_notification row = good_notification();
    row.item_type = type;
    const outcome got = run_notification(row);
    EXPECT_TRUE(got.row(0).is_null("order_id"));
    EXPECT_EQ(codes_of(got), codes{});
    const std::string metadata = got.row(0).json("metadata");
    EXPECT_EQ(metadata.find("item_id") != std::string::npos, type.has_value());
  }
  legacy_notification row = good_notification();
  row.item_id = 901;
  EXPECT_EQ(codes_of(run_notification(row)), codes{"missing_parent"});
  row.item_id = std::nullopt;
  EXPECT_EQ(codes_of(run_notification(row)), codes{});
}

TEST(SystemMessages, WhatTheMessageSays) {
  const std::pair<std::string_view, std::string_view> examples[] = {
      {R"({"message": " Hello \n", "status": "x"})", "Hello"},
      {R"({"message": "a\tb\u00e9\ud83d\ude00\"\\\/"})", "a\tb\xC3\xA9\xF0\x9F\x98\x80\"\\/"},
      {R"({"status":"new","patient_name":"P N","order_number":12})",
       "order 12, patient P N, status new"},
      {R"({"patient_name":"P","status":"new"})", "patient P, status new"},
      {R"({"order_number":"1","status":-2.50e1})", "order 1, status -2.50e1"},
      {R"({"status":"new"})", "status new"},
      {R"({"message":null,"order_number":{"message":"no"},"status":true,"x":["}",{"a":"]"}]})",
       "Order_Shipped"},
      {R"({"message":"  ","status":"None"})", "Order_Shipped"},
      {R"({"m\u0065ssage":"by escape"})", "by escape"},
      {R"({"Message":"other name"})", "Order_Shipped"},
      {R"({"message":"first","message":"last"})", "last"},
      {R"({"message":"first","message":null})", "Order_Shipped"},
      {R"({"\\":1,"a\"b":{},"message":"after"})", "after"},
      {R"( { "message" : "spaced" } )", "spaced"},
      {"{}", "Order_Shipped"},
      {"[{\"message\":\"no\"}]", "Order_Shipped"},
      {"\"message\"", "Order_Shipped"},
      {"17", "Order_Shipped"},
      {"", "Order_Shipped"}};
  for (const auto& [context, message] : examples) {
    const outcome got = run_context(context);
    EXPECT_EQ(got.row(0).text("message"), message) << context;
    EXPECT_EQ(codes_of(got), codes{}) << context;
  }
}

TEST(SystemMessages, WithoutAnyWordsAreNotifications) {
  for (const maybe_text name : {maybe_text{}, maybe_text{" null "}}) {
    legacy_notification row = good_notification();
    row.template_name = name;
    row.template_context = std::nullopt;
    EXPECT_EQ(run_notification(row).row(0).text("message"), "notification");
  }
}

TEST(SystemMessages, NumbersOfAParcel) {
  outcome got = run_context(R"({"tracking":"T1","tracking_number":" T2 ","barcode":""})");
  EXPECT_EQ(got.row(0).text("tracking_number"), "T2");
  EXPECT_TRUE(got.row(0).is_null("barcode"));
  EXPECT_TRUE(got.row(0).is_null("carrier"));
  got = run_context(R"({"tracking":"T1","tracking_number":""})");
  EXPECT_EQ(got.row(0).text("tracking_number"), "T1");
}

TEST(SystemMessages, TheContextIsJson) {
  outcome got = run_context(std::nullopt);
  EXPECT_EQ(got.row(0).json("message_data"), "{}");
  EXPECT_EQ(codes_of(got), codes{});
  got = run_context(R"({"message":"a\u0000b"})");
  EXPECT_EQ(got.row(0).json("message_data"), R"({"message":"a\ufffdb"})");
  EXPECT_EQ(got.row(0).text("message"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(codes_of(got), codes{"nul_replaced"});
  got = run_context("{'message': 'x'}");
  EXPECT_EQ(got.row(0).json("message_data"), R"({"_raw":"{'message': 'x'}"})");
  EXPECT_EQ(got.row(0).text("message"), "Order_Shipped");
  EXPECT_EQ(codes_of(got), codes{"json_invalid"});
}

TEST(SystemMessages, TheScannerStaysWithinAnyText) {
  const std::string_view whole = R"({"a":[{"b":"c\"}"}],"message":"m\u0041","n":-1.5e3,"t":true})";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut{whole.substr(0, size)};  // a copy, so that a sanitizer sees the end
    member_scanner members(cut);
    std::string_view name, value;
    int found = 0;
    while (members.next(name, value)) ++found;
    EXPECT_LE(found, 4);
    if (size == whole.size()) EXPECT_EQ(found, 4);
  }
}

}  // namespace
}  // namespace business::tests
