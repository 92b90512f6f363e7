#include "run/new_id.hpp"

#include <openssl/rand.h>

#include "report/error.hpp"

namespace mighost {

mig::uuid random_id() {
  mig::uuid id;
  if (RAND_bytes(id.bytes.data(), static_cast<int>(id.bytes.size())) != 1) {
    throw Error(Exit::internal, "the system gives no random bytes");
  }
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

}  // namespace mighost
