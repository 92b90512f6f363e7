// Names of files, good and odd, with the type that their extension makes them.

#include <array>

#include "business_texts.hpp"

namespace mighost::dataset {

namespace {

struct TypeRow {
  std::string_view extension;
  std::string_view mime;
};

constexpr std::string_view any_bytes = "application/octet-stream";

// In the order of FileType.
constexpr std::array<TypeRow, 17> types = {{
    {"stl", "model/stl"},
    {"ply", "model/ply"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"png", "image/png"},
    {"gif", "image/gif"},
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"rar", "application/vnd.rar"},
    {"tar", "application/x-tar"},
    {"dcm", "application/dicom"},
    {"dxf", "image/vnd.dxf"},
    {"txt", "text/plain"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"irk", any_bytes},
    {"gz", any_bytes},
    {"", any_bytes},
}};

constexpr std::array<std::string_view, 9> stems = {"upper",    "lower",     "bite",
                                                   "IMG_2041", "photo (1)", "上顎",
                                                   "ฟันหน้า",    "scan.v2",   "O'Neil \"x\" \\ y"};
constexpr std::array<std::string_view, 5> final_stems = {"Final setup", "package_1", "FINALIZED",
                                                         "repackaged", "x_FULL.JPG.copy"};

std::string dotted(FileType type) {
  return "." + std::string(types[static_cast<std::size_t>(type)].extension);
}

std::string upper(std::string text) {
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') {
      letter = static_cast<char>(letter - 'a' + 'A');
    }
  }
  return text;
}

}  // namespace

std::string_view mime_type(FileType type) { return types[static_cast<std::size_t>(type)].mime; }

FileName good_file_name(Random& random, FileType type) {
  FileName file;
  file.type = type;
  file.name_final = random.chance(40);
  std::string name(file.name_final ? random.one_of(final_stems) : random.one_of(stems));
  name += random.characters("0123456789", 4);
  if (type == FileType::jpg && random.chance(50)) {
    // Only together with the extension does the name say that it is a final one.
    name += "_full";
    file.name_final = true;
  }
  if (type != FileType::none) {
    file.ext = dotted(type);
    if (random.chance(400)) {
      name += *file.ext;
    }
  }
  file.name = name;
  return file;
}

FileName odd_file_name(Random& random, std::size_t rotation) {
  const std::string stem(random.one_of(stems));
  switch (rotation % 12) {
    case 0:
      return {std::nullopt, ".stl", FileType::stl, false};
    case 1:
      return {std::nullopt, std::nullopt, FileType::none, false};
    case 2:  // the extension stands in the name twice
      return {stem + ".stl.stl", ".stl", FileType::stl, false};
    case 3:
      return {upper("photo.jpg"), ".JPG", FileType::jpg, false};
    case 4:
      return {stem, "zip", FileType::zip, false};
    case 5:
      return {"  ", " .PnG ", FileType::png, false};
    case 6:
      return {stem, ".tar.gz", FileType::gz, false};
    case 7:
      return {"archive.pdf", "", FileType::none, false};
    case 8:
      return {stem, "..", FileType::none, false};
    case 9:
      return {stem, "stl.", FileType::none, false};
    case 10:  // _full.jpg comes about by the extension, whose dot is missing
      return {"smile_FULL", "jpg", FileType::jpg, true};
    default:
      return {"null", "none", FileType::none, false};
  }
}

}  // namespace mighost::dataset
