#include "config/endpoint.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "report/nearest.hpp"
#include "report/text.hpp"

namespace mighost {
namespace {

// What may be shown of a connection string. Everything else stays hidden, whatever it is.
constexpr std::array<const char*, 7> shown_options = {"service", "host", "hostaddr", "port",
                                                      "dbname",  "user", "sslmode"};
constexpr const char* ways =
    "write url = \"env:NAME\", a URL without a password (postgresql://user@host:5432/dbname), "
    "or service = \"NAME\"";

struct EndpointFault {
  std::string what, next;
};

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

bool is_url(std::string_view text) { return text.find("://") != std::string_view::npos; }

bool is_secret(const PQconninfoOption& option) {
  return option.dispchar != nullptr && std::string_view(option.dispchar) == "*";
}

bool is_set(const PQconninfoOption& option) { return option.val != nullptr && *option.val != '\0'; }

// A URL whose password holds a bare '@' or '/' is cut in the wrong place by libpq, and a part of
// the password ends up as host or database name.
bool is_cut_wrongly(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  url = url.substr(0, url.find('?'));
  const std::size_t at = url.find('@');
  if (at == std::string_view::npos) return false;
  return url.find('@', at + 1) != std::string_view::npos || url.find('/') < at;
}

bool is_port_list(std::string_view text) {
  return text.find_first_not_of("0123456789,") == std::string_view::npos;
}

std::vector<std::string> known_options() {
  std::vector<std::string> names;
  const Options defaults(PQconndefaults());
  for (const PQconninfoOption* one = defaults.get(); one && one->keyword; ++one) {
    names.emplace_back(one->keyword);
  }
  return names;
}

// libpq's own message quotes the string, so it must not be shown. But a misspelt option is worth
// naming, which is safe as far as the option that was meant is a known one.
EndpointFault unreadable(const std::string& message) {
  EndpointFault general{"the connection string cannot be read by libpq",
                        "write postgresql://user@host:5432/dbname or host=... dbname=... user=..., "
                        "with special characters of a URL as %XX"};
  const std::size_t begin = message.find('"'), end = message.rfind('"');
  if (message.find("option") == std::string::npos &&
      message.find("parameter") == std::string::npos) {
    return general;
  }
  if (begin == end) return general;
  const auto meant = nearest(message.substr(begin + 1, end - begin - 1), known_options());
  if (!meant) return general;
  return {"the connection string holds an option that libpq does not know",
          "did you mean \"" + *meant + "\"?"};
}

std::string quoted_value(const std::string& value) {
  if (!value.empty() && value.find_first_of(" '\\") == std::string::npos) return value;
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

// Fills `endpoint` from a connection string; returns what is wrong with it, or an empty fault.
EndpointFault parse_conninfo(const std::string& text, bool may_hold_password, Endpoint& endpoint) {
  if (is_url(text) && is_cut_wrongly(text)) {
    return {"the user name or password of the URL holds a bare '@' or '/'",
            "write '@' as %40 and '/' as %2F"};
  }
  char* raw_message = nullptr;
  const Options options(PQconninfoParse(text.c_str(), &raw_message));
  const std::unique_ptr<char, void (*)(void*)> message(raw_message, PQfreemem);
  if (!options) return unreadable(message ? message.get() : "");

  std::string shown;
  for (const char* wanted : shown_options) {
    for (const PQconninfoOption* one = options.get(); one->keyword != nullptr; ++one) {
      if (std::string_view(one->keyword) != wanted || !is_set(*one)) continue;
      if (std::string_view(wanted) == "port" && !is_port_list(one->val)) {
        return {"the port of the connection string is not a number",
                "write postgresql://user@host:5432/dbname, with '/' in a password as %2F"};
      }
      shown += (shown.empty() ? "" : " ") + std::string(wanted) + "=" + quoted_value(one->val);
    }
  }
  for (const PQconninfoOption* one = options.get(); one->keyword != nullptr; ++one) {
    if (may_hold_password || !is_secret(*one) || !is_set(*one)) continue;
    return {"the connection string holds a password, and this file is no place for one",
            "remove it and use url = \"env:NAME\", service = \"NAME\", or a line in ~/.pgpass"};
  }
  endpoint.conninfo = text;
  endpoint.shown = shown.empty() ? "libpq's defaults" : one_line(shown);
  return {};
}

bool is_variable_name(std::string_view name) {
  constexpr std::string_view allowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && name.find_first_not_of(allowed) == std::string_view::npos &&
         !(name.front() >= '0' && name.front() <= '9');
}

EndpointFault from_variable(const std::string& name, Endpoint& endpoint) {
  if (!is_variable_name(name)) {
    return {"\"env:\" is not followed by the name of an environment variable",
            "write url = \"env:MIGHOST_SOURCE_URL\" or another name of letters, digits and _"};
  }
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    return {"the environment variable " + name + (value == nullptr ? " is not set" : " is empty"),
            "set it before the run: export " + name + "='postgresql://user@host:5432/dbname'"};
  }
  EndpointFault fault = parse_conninfo(value, true, endpoint);
  if (!fault.what.empty()) fault.what += " (it comes from the environment variable " + name + ")";
  endpoint.origin = "env:" + name;
  return fault;
}

// "$NAME" and "${NAME}" are what many other tools take.
std::string name_after_dollar(std::string_view url) {
  if (url.substr(0, 1) != "$") return {};
  url.remove_prefix(1);
  if (url.size() > 2 && url.front() == '{' && url.back() == '}')
    url = url.substr(1, url.size() - 2);
  return is_variable_name(url) ? std::string(url) : std::string();
}

EndpointFault from_url(const std::string& url, const std::string& where, Endpoint& endpoint) {
  if (url.empty()) return {"`url` is empty", ways};
  if (url.rfind("env:", 0) == 0) return from_variable(url.substr(4), endpoint);
  if (const std::string name = name_after_dollar(url); !name.empty()) {
    return {"variables are not replaced in this file", "write url = \"env:" + name + "\""};
  }
  endpoint.origin = where;
  return parse_conninfo(url, false, endpoint);
}

EndpointFault from_service(const std::string& service, Endpoint& endpoint) {
  if (service.empty()) return {"`service` is empty", ways};
  endpoint.origin = "service " + one_line(service);
  return parse_conninfo("service=" + quoted_value(service), false, endpoint);
}

}  // namespace

Endpoint read_endpoint(TableReader& table) {
  Endpoint endpoint;
  const bool has_url = table.find("url") != nullptr, has_service = table.find("service") != nullptr;
  const auto url = table.text("url");
  const auto service = table.text("service");
  table.refuse_unknown();
  if (has_url && has_service) {
    table.fault("service", table.name() + " has both `url` and `service`", "keep one of them");
  } else if (!has_url && !has_service) {
    table.fault("", table.name() + " says no database", ways);
  } else if (url) {
    const EndpointFault fault = from_url(*url, table.where("url"), endpoint);
    if (!fault.what.empty()) table.fault("url", fault.what, fault.next);
  } else if (service) {
    const EndpointFault fault = from_service(*service, endpoint);
    if (!fault.what.empty()) table.fault("service", fault.what, fault.next);
  }
  return endpoint;
}

}  // namespace mighost
