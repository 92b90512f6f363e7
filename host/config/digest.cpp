#include "config/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "report/error.hpp"

namespace mighost {

std::string sha256_text(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(Exit::internal, "OpenSSL does not compute SHA-256", "libcrypto",
                "check the OpenSSL configuration of this machine (openssl dgst -sha256 FILE)");
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4U];
    text += digits[digest[i] & 15U];
  }
  return text;
}

}  // namespace mighost
