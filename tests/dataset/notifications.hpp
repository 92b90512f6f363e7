// Notifications, the largest table: a stream that is drawn again, with the same result, by whoever
// needs the rows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataset.hpp"
#include "id_allocator.hpp"

namespace mighost::dataset {

enum class ContextKind { sound, huge, invalid, nul };

struct NotificationTemplate {
  std::optional<std::string_view> name;
  std::string_view message_type;  // what business.system_messages makes of the name
};

struct Notification {
  int id = 0;
  Instant created_at;
  const NotificationTemplate* kind = nullptr;
  ContextKind context_kind = ContextKind::sound;
  std::uint64_t context_seed = 0;
  Generic item;
  std::optional<std::size_t> recipient;  // a user
  bool read = false;
  bool sent = false;
  bool send = false;

  bool active() const { return sent && send; }
};

class NotificationStream {
 public:
  explicit NotificationStream(const Dataset& dataset);

  // Empty at the end.
  std::optional<Notification> next();

 private:
  // What is planted among the active rows. An error when there is no room for it.
  enum Planted : std::size_t { huge, invalid, nul, lost_order, planted_count };

  void count_active();
  void make_flags(Notification& notification);
  Planted draw_planted();
  Generic any_item();

  const Dataset& dataset_;
  Random random_;
  IdAllocator ids_;
  const std::vector<std::size_t> staff_;
  const std::vector<int> missing_orders_;
  std::size_t total_;
  std::size_t left_;         // rows still to come
  std::size_t active_left_;  // active rows still to come
  std::array<std::size_t, planted_count> planted_left_{};
};

// The template_context of a notification. 100 to 2,000 bytes, but for the huge ones.
JsonText notification_context(const Notification& notification);

}  // namespace mighost::dataset
