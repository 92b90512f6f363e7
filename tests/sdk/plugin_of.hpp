// A manifest without the exported symbol, so that one test program can hold many plugins.
#pragma once

#include <mighost/plugin.hpp>
#include <mighost/testing.hpp>

template <class Plugin, class... Class>
const mig_plugin* plugin_of() {
  static constexpr mig_plugin manifest = mig::detail::plugin_glue<Plugin, Class...>::make("1.2.3");
  return &manifest;
}

struct TestFamily {
  static constexpr std::string_view family = "test";
};

inline std::string_view view(mig_str text) { return mig::detail::view(text); }
