#include "plan/type_match.hpp"

#include "pg/oids.hpp"

namespace mighost {
namespace {

// Types that the codec does not read but that the server converts without loss.
constexpr std::uint32_t oid_of_oid = 26, money = 790, timestamp = 1114;

bool is_integer(std::uint32_t type) {
  return type == oid::int2 || type == oid::int4 || type == oid::int8;
}

bool is_citext(const CatalogColumn& live) {
  const std::string& name = live.type_name;
  return name == "citext" || name.ends_with(".citext");
}

/// Text-like types whose binary form is the text itself.
bool is_text(const CatalogColumn& live) {
  switch (live.base_type_oid) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
      return true;
    default:
      return live.base_type_type == 'e';
  }
}

/// The type that the column would fit, in the words of the SDK, or an empty text.
std::string_view natural_type(const CatalogColumn& live) {
  switch (live.base_type_oid) {
    case oid::int2:
    case oid::int4:
    case oid::int8:
    case oid_of_oid:
      return "int8";
    case oid::float4:
    case oid::float8:
      return "float8";
    case oid::boolean:
      return "bool";
    case oid::numeric:
    case money:
      return "numeric";
    case oid::timestamptz:
    case timestamp:
      return "timestamptz";
    case oid::date:
      return "date";
    case oid::uuid:
      return "uuid";
    case oid::bytea:
      return "bytes";
    case oid::json:
    case oid::jsonb:
      return "json";
    default:
      return is_text(live) || is_citext(live) ? "text" : "";
  }
}

SourceFit as_it_is(const CatalogColumn& live, mig_type declared) {
  SourceFit fit;
  fit.fits = true;
  fit.select = quote_identifier(live.name);
  fit.wire = {live.base_type_oid, live.base_type_type, declared};
  return fit;
}

SourceFit converted(const CatalogColumn& live, mig_type declared, const std::string& sql_type,
                    std::uint32_t wire_oid) {
  SourceFit fit;
  fit.fits = true;
  fit.select = quote_identifier(live.name) + "::" + sql_type;
  fit.wire = {wire_oid, 'b', declared};
  fit.remark = live.type_name + " is read as " + sql_type;
  return fit;
}

SourceFit refused(const CatalogColumn& live, mig_type declared) {
  SourceFit fit;
  const std::string_view natural = natural_type(live);
  if (!natural.empty()) {
    fit.remedy = "declare it as " + std::string(natural) + ", or convert it in a source query";
  } else {
    fit.remedy = "declare it as text, or convert it in a source query";
  }
  // json in a text column may be anything; the plugin has to look at it.
  if (declared == MIG_JSON && is_text(live)) {
    fit.remedy = "declare it as text and let the handler check that it is JSON";
  }
  return fit;
}

SourceFit fit_text(const CatalogColumn& live) {
  if (is_text(live)) return as_it_is(live, MIG_TEXT);
  // The text of money depends on the server's locale; bytes are no text.
  const bool unfit = live.base_type_oid == oid::bytea || live.base_type_oid == money;
  return unfit ? refused(live, MIG_TEXT) : converted(live, MIG_TEXT, "text", oid::text);
}

SourceFit fit_timestamp(const CatalogColumn& live) {
  if (live.base_type_oid == oid::timestamptz) return as_it_is(live, MIG_TIMESTAMPTZ);
  if (live.base_type_oid != timestamp) return refused(live, MIG_TIMESTAMPTZ);
  SourceFit fit;
  fit.fits = true;
  fit.select = quote_identifier(live.name) + " AT TIME ZONE 'UTC'";
  fit.wire = {oid::timestamptz, 'b', MIG_TIMESTAMPTZ};
  fit.remark = "timestamp without time zone is taken to be UTC";
  return fit;
}

SourceFit fit_number(const CatalogColumn& live) {
  if (live.base_type_oid == oid::numeric) return as_it_is(live, MIG_NUMERIC);
  const bool exact = is_integer(live.base_type_oid) || live.base_type_oid == money;
  return exact ? converted(live, MIG_NUMERIC, "numeric", oid::numeric) : refused(live, MIG_NUMERIC);
}

/// Column types that take the declared type, in words.
std::string_view welcoming_types(mig_type declared) {
  switch (declared) {
    case MIG_INT8:
      return "smallint, integer or bigint";
    case MIG_FLOAT8:
      return "double precision or real";
    case MIG_BOOL:
      return "boolean";
    case MIG_TEXT:
      return "text, varchar, char(n), citext or an enum";
    case MIG_NUMERIC:
      return "numeric";
    case MIG_TIMESTAMPTZ:
      return "timestamp with time zone";
    case MIG_DATE:
      return "date";
    case MIG_UUID:
      return "uuid";
    case MIG_BYTES:
      return "bytea";
    case MIG_JSON:
      return "jsonb or json";
    default:
      return "nothing";
  }
}

bool takes(const CatalogColumn& live, mig_type declared) {
  const std::uint32_t type = live.base_type_oid;
  switch (declared) {
    case MIG_INT8:
      return is_integer(type);
    case MIG_FLOAT8:
      return type == oid::float8 || type == oid::float4;
    case MIG_BOOL:
      return type == oid::boolean;
    case MIG_TEXT:
      return is_text(live) || is_citext(live);
    case MIG_NUMERIC:
      return type == oid::numeric;
    case MIG_TIMESTAMPTZ:
      return type == oid::timestamptz;
    case MIG_DATE:
      return type == oid::date;
    case MIG_UUID:
      return type == oid::uuid;
    case MIG_BYTES:
      return type == oid::bytea;
    case MIG_JSON:
      return type == oid::json || type == oid::jsonb;
    default:
      return false;
  }
}

}  // namespace

SourceFit fit_source(const CatalogColumn& live, mig_type declared) {
  const std::uint32_t type = live.base_type_oid;
  switch (declared) {
    case MIG_TEXT:
      return fit_text(live);
    case MIG_NUMERIC:
      return fit_number(live);
    case MIG_TIMESTAMPTZ:
      return fit_timestamp(live);
    case MIG_INT8:
      if (type == oid_of_oid) return converted(live, declared, "int8", oid::int8);
      break;
    default:
      break;
  }
  return takes(live, declared) ? as_it_is(live, declared) : refused(live, declared);
}

TargetFit fit_target(const CatalogColumn& live, mig_type declared) {
  TargetFit fit;
  fit.fits = takes(live, declared);
  if (!fit.fits) {
    const std::string_view natural = natural_type(live);
    fit.remedy =
        natural.empty()
            ? "no type of the SDK fits that column: leave it out, or change the column to " +
                  std::string(welcoming_types(declared))
            : "emit " + std::string(natural) + ", or change the column to " +
                  std::string(welcoming_types(declared));
  } else if (live.base_type_oid == oid::float4) {
    fit.remark = "real keeps about 6 digits of a double";
  }
  return fit;
}

}  // namespace mighost
