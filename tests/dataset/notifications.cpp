#include "notifications.hpp"

#include <span>

#include "business_links.hpp"
#include "business_parts.hpp"

namespace mighost::dataset {

namespace {

// In the order of weights below. Several names hold more than one key word, or one by accident.
constexpr std::array<NotificationTemplate, 26> templates = {{
    {"order_submitted", "order_update"},
    {"order_approved", "order_update"},
    {"New Order", "order_update"},
    {"order_shipped", "order_update"},
    {"disorder_report", "order_update"},
    {"ship_notice", "shipment_update"},
    {"SHIPMENT_DELAYED", "shipment_update"},
    {"relationship_manager", "shipment_update"},
    {"payment_received", "payment_update"},
    {"payment_reminder", "payment_update"},
    {"case_opened", "case_update"},
    {"case_status_changed", "case_update"},
    {"showcase_invitation", "case_update"},
    {"reminder_upload", "reminder"},
    {"Reminder: scans", "reminder"},
    {"welcome_doctor", "welcome"},
    {"welcome_status", "welcome"},
    {"status_changed", "status_update"},
    {"Status", "status_update"},
    {"setup_ready", "notification"},
    {"comment_added", "notification"},
    {"お知らせ", "notification"},
    {"ｏｒｄｅｒ_wide", "notification"},
    {"", "notification"},
    {"null", "notification"},
    {std::nullopt, "notification"},
}};
constexpr std::array<std::uint32_t, 26> template_weights = {
    180, 90, 30, 60, 4, 70, 20, 3, 50, 20, 40, 40, 4, 60, 15, 10, 3, 90, 5, 90, 100, 8, 2, 3, 1, 2};

}  // namespace

NotificationStream::NotificationStream(const Dataset& dataset)
    : dataset_(dataset),
      random_(dataset.random("notifications")),
      ids_(dataset.random("notification ids"), 1, 80),
      staff_(staff(dataset)),
      missing_orders_(missing_ids(dataset.instructions)),
      total_(dataset.knobs.count("notifications")),
      left_(total_),
      active_left_(0) {
  count_active();
}

void NotificationStream::count_active() {
  constexpr std::array<std::string_view, planted_count> names = {
      "context_huge", "context_bad", "context_nul", "notification_lost_order"};
  if (total_ == 0) {
    return;
  }
  active_left_ = dataset_.knobs.planted("notifications_active", total_);
  std::size_t planted = 0;
  for (std::size_t i = 0; i < planted_count; ++i) {
    planted_left_[i] = dataset_.knobs.planted(names[i], active_left_);
    planted += planted_left_[i];
  }
  if (active_left_ > total_ || planted > active_left_) {
    throw Error("more notifications are active, or planted, than there are",
                "knobs notifications, notifications_active, context_*, notification_lost_order",
                "give notifications_active a share below 1, or raise notifications");
  }
}

// Exactly so many of the rows that are left: each with the chance that is due to it.
void NotificationStream::make_flags(Notification& notification) {
  const bool active = random_.below(left_) < active_left_;
  if (active) {
    notification.sent = true;
    notification.send = true;
    return;
  }
  switch (random_.below(3)) {
    case 0:
      notification.sent = true;
      break;
    case 1:
      notification.send = true;
      break;
    default:
      break;
  }
}

NotificationStream::Planted NotificationStream::draw_planted() {
  std::size_t drawn = random_.below(active_left_);
  --active_left_;
  for (std::size_t i = 0; i < planted_count; ++i) {
    if (drawn < planted_left_[i]) {
      --planted_left_[i];
      return static_cast<Planted>(i);
    }
    drawn -= planted_left_[i];
  }
  return planted_count;
}

Generic NotificationStream::any_item() {
  constexpr std::array<Model, 6> models = {Model::instruction, Model::patient, Model::plan,
                                           Model::task,        Model::record,  Model::none};
  constexpr std::array<std::uint32_t, 6> weights = {600, 230, 60, 40, 30, 40};
  const std::array<std::size_t, 6> rows = {
      dataset_.instructions.size(),   dataset_.patients.size(),         dataset_.plans.size(),
      dataset_.business.tasks.size(), dataset_.business.records.size(), 0};
  const std::size_t which = random_.weighted(weights);
  Generic item;
  if (rows[which] == 0) {
    return item;
  }
  item.model = models[which];
  const std::size_t row = random_.below(rows[which]);
  if (!random_.chance(3)) {
    item.row = Link::to(row);
  }
  return item;
}

std::optional<Notification> NotificationStream::next() {
  if (left_ == 0) {
    return std::nullopt;
  }
  Notification notification;
  notification.id = ids_.next();
  const std::int64_t step = 7 * 365 * micros_per_day / static_cast<std::int64_t>(total_);
  notification.created_at = {start_of(today()).micros - step * static_cast<std::int64_t>(left_)};
  notification.kind = &templates[random_.weighted(template_weights)];
  notification.item = any_item();
  if (!random_.chance(10)) {
    const bool at_lab = random_.chance(500);
    notification.recipient =
        at_lab ? random_.one_of(staff_) : std::size_t{random_.below(dataset_.users.size())};
  }
  notification.read = random_.chance(300);
  notification.context_seed = random_.next();
  make_flags(notification);
  if (notification.active()) {
    switch (draw_planted()) {
      case huge:
        notification.context_kind = ContextKind::huge;
        break;
      case invalid:
        notification.context_kind = ContextKind::invalid;
        break;
      case nul:
        notification.context_kind = ContextKind::nul;
        break;
      case lost_order:
        notification.item = Generic{};
        notification.item.model = Model::instruction;
        notification.item.row = Link::gone(random_.one_of(missing_orders_));
        break;
      case planted_count:
        break;
    }
  } else if (random_.below(5000) == 0) {
    // Nobody reads these, and nobody may count them.
    notification.context_kind = ContextKind::invalid;
  }
  --left_;
  return notification;
}

void check_notifications(Dataset& dataset) { NotificationStream stream(dataset); }

void write_notifications(const Dataset& dataset, Sink& sink) {
  constexpr std::array<std::string_view, 3> senders = {"noreply@lab.example.org",
                                                       "設計部 <design@lab.example.org>", ""};
  TableWriter writer(sink, "dispatch_notification",
                     "id, created_at, sender, template_name, template_context, read, item_id,"
                     " item_type_id, recipient_id, sent, send");
  std::array<std::optional<int>, 10> types;
  for (std::size_t model = 0; model < types.size() - 1; ++model) {
    Generic generic;
    generic.model = static_cast<Model>(model);
    types[model] = content_type_id(dataset, generic);
  }
  NotificationStream stream(dataset);
  while (const auto row = stream.next()) {
    const std::string_view sender =
        senders[row->context_seed % 20 < 17 ? 0 : row->context_seed % 3];
    writer.row(row->id, row->created_at, sender, row->kind->name, notification_context(*row).text,
               row->read, generic_id(dataset, row->item),
               types[static_cast<std::size_t>(row->item.model)],
               id_of(dataset.users, row->recipient), row->sent, row->send);
  }
  writer.finish();
}

void predict_notifications(const Dataset& dataset, Oracle& oracle) {
  Tally& tally = oracle.entity("business.system_messages");
  std::map<std::string_view, std::size_t> types;
  std::size_t with_order = 0;
  NotificationStream stream(dataset);
  while (const auto row = stream.next()) {
    if (!row->active()) {
      tally.filtered("not_active");
      continue;
    }
    const bool of_order = row->item.model == Model::instruction;
    const auto order = of_order ? fate_of(oracle.fates.orders, row->item.row) : std::nullopt;
    tally.written({{row->context_kind == ContextKind::invalid, "json_invalid"},
                   {row->context_kind == ContextKind::nul, "nul_replaced"},
                   {lost(order), "missing_parent"}});
    ++types[row->kind->message_type];
    with_order += order == Fate::written ? 1 : 0;
  }
  std::size_t written = 0;
  for (const auto& [type, rows] : types) {
    oracle.fact("business.system_messages.message_type", type, rows);
    written += rows;
  }
  if (with_order > 0) {
    oracle.fact("business.system_messages.order_id", "set", with_order);
  }
  if (written > with_order) {
    oracle.fact("business.system_messages.order_id", "null", written - with_order);
  }
}

}  // namespace mighost::dataset
