// The hash of a JSON value. simdjson finds the tokens; numbers are taken from their text, because
// jsonb keeps more digits than a double has.
#include <simdjson.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "batch/canonical.hpp"

namespace mighost {
namespace {

namespace ondemand = simdjson::ondemand;

enum class Kind : std::uint64_t { null = 1, boolean, number, string, array, object, deep };

constexpr std::uint64_t factor = 0x9fb21c651e98df25;

std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
  std::uint64_t h = (left ^ (left >> 32)) * factor + right;
  h = (h ^ (h >> 29)) * factor;
  return h ^ (h >> 32);
}

std::uint64_t mixed(Kind kind, std::uint64_t value) {
  return mixed(static_cast<std::uint64_t>(kind) * factor, value);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A JSON number as its digits without zeros at both ends, and the power of ten of the last one.
class Number {
 public:
  explicit Number(std::string_view text) {
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') {
      negative_ = true;
      ++at;
    }
    bool behind_point = false;
    for (; at < text.size() && (is_digit(text[at]) || text[at] == '.'); ++at) {
      if (text[at] == '.') {
        behind_point = true;
      } else {
        add(text[at]);
        power_ -= behind_point ? 1 : 0;
      }
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) power_ += exponent(text, at + 1);
    while (!digits_.empty() && digits_.back() == '0') {
      digits_.pop_back();
      ++power_;
    }
  }

  std::uint64_t hash() const {
    if (digits_.empty()) return mixed(Kind::number, 0);
    const std::uint64_t where = static_cast<std::uint64_t>(power_) * 2 + (negative_ ? 1 : 0);
    return mixed(Kind::number, hash_bytes(digits_, where));
  }

 private:
  void add(char digit) {
    if (digit != '0' || !digits_.empty()) digits_.push_back(digit);
  }

  static std::int64_t exponent(std::string_view text, std::size_t at) {
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && !is_digit(text[at])) ++at;
    std::int64_t value = 0;
    constexpr std::int64_t enough = 1'000'000'000;  // numeric ends long before
    for (; at < text.size() && is_digit(text[at]); ++at) {
      value = std::min(enough, value * 10 + (text[at] - '0'));
    }
    return negative ? -value : value;
  }

  std::string digits_;  // short ones stand in the string itself
  std::int64_t power_ = 0;
  bool negative_ = false;
};

struct Member {
  std::uint64_t name, value;
};

/// Of one thread; its memory is kept between documents.
class Hasher {
 public:
  std::uint64_t of(std::string_view json) {
    constexpr std::size_t padding = simdjson::SIMDJSON_PADDING;
    if (text_.size() < json.size() + padding) text_.resize(json.size() + padding);
    std::copy(json.begin(), json.end(), text_.begin());
    std::fill_n(text_.begin() + static_cast<std::ptrdiff_t>(json.size()), padding, '\0');
    members_.clear();
    try {
      if (parser_.capacity() < json.size() || parser_.max_depth() < depth_max) {
        if (parser_.allocate(std::max<std::size_t>(json.size(), 4096), depth_max + 8) != 0) {
          return hash_bytes(json, 0);
        }
      }
      ondemand::document document = parser_.iterate(text_.data(), json.size(), text_.size());
      return value(document, 0);
    } catch (const simdjson::simdjson_error&) {
      return hash_bytes(json, 0);  // the server takes no such text for jsonb
    }
  }

 private:
  static constexpr std::size_t depth_max = 4096;  // as deep as the SDK lets JSON be

  template <class Value>
  std::uint64_t value(Value& json, std::size_t depth) {
    switch (json.type()) {
      case ondemand::json_type::array:
        return array(json.get_array(), depth);
      case ondemand::json_type::object:
        return object(json.get_object(), depth);
      case ondemand::json_type::number:
        return Number(std::string_view(json.raw_json_token())).hash();
      case ondemand::json_type::string:
        return mixed(Kind::string, string(json));
      case ondemand::json_type::boolean:
        return mixed(Kind::boolean, bool(json.get_bool()) ? 1 : 0);
      case ondemand::json_type::null:
        break;
    }
    return mixed(Kind::null, 0);
  }

  /// Without escapes it is what stands between the quotes; else the parser makes a copy.
  template <class Value>
  static std::uint64_t string(Value& json) {
    std::string_view token = json.raw_json_token();
    token.remove_prefix(1);
    token = token.substr(0, token.find_last_of('"'));
    if (has_escapes(token)) token = json.get_string();
    return hash_bytes(token, 0);
  }

  template <class Field>
  std::uint64_t name_of(Field& field) const {
    const char* begin = ondemand::raw_json_string(field.key()).raw();
    const std::string_view rest{begin,
                                static_cast<std::size_t>(text_.data() + text_.size() - begin)};
    std::string_view name = rest.substr(0, rest.find('"'));
    if (has_escapes(name)) name = field.unescaped_key();
    return hash_bytes(name, 0);
  }

  static bool has_escapes(std::string_view text) {
    return std::memchr(text.data(), '\\', text.size()) != nullptr;
  }

  std::uint64_t array(ondemand::array elements, std::size_t depth) {
    // What lies deeper counts as one value: no stack is endless.
    if (depth == depth_max) return mixed(Kind::deep, 0);
    std::uint64_t hash = mixed(Kind::array, 0);
    for (auto element : elements) {
      ondemand::value inner = element.value();
      hash = mixed(hash, value(inner, depth + 1));
    }
    return hash;
  }

  std::uint64_t object(ondemand::object members, std::size_t depth) {
    if (depth == depth_max) return mixed(Kind::deep, 0);
    const std::size_t first = members_.size();
    for (auto field : members) {
      const std::uint64_t name = name_of(field);
      ondemand::value inner = field.value();
      const std::uint64_t hash = value(inner, depth + 1);
      members_.push_back({name, hash});
    }
    const std::uint64_t hash = mixed(Kind::object, sum_of_members(first));
    members_.resize(first);
    return hash;
  }

  /// Of equal names the last one counts, as in jsonb.
  std::uint64_t sum_of_members(std::size_t first) {
    const auto begin = members_.begin() + static_cast<std::ptrdiff_t>(first);
    constexpr std::ptrdiff_t few = 16;
    std::uint64_t sum = 0;
    if (members_.end() - begin <= few) {
      for (auto member = begin; member != members_.end(); ++member) {
        const bool again = std::any_of(member + 1, members_.end(), [&](const Member& later) {
          return later.name == member->name;
        });
        if (!again) sum += mixed(member->name, member->value);
      }
      return sum;
    }
    std::stable_sort(begin, members_.end(),
                     [](const Member& a, const Member& b) { return a.name < b.name; });
    for (auto member = begin; member != members_.end(); ++member) {
      const bool again = member + 1 != members_.end() && (member + 1)->name == member->name;
      if (!again) sum += mixed(member->name, member->value);
    }
    return sum;
  }

  ondemand::parser parser_;
  std::string text_;
  std::vector<Member> members_;
};

}  // namespace

std::uint64_t hash_json(std::string_view json) {
  thread_local Hasher hasher;
  return hasher.of(json);
}

}  // namespace mighost
