#include "support/places.h"

namespace lumina::testing {

std::string test_data(const std::string& name) {
  return LUMINA_CHECKOUT "/native/tests/data/" + name;
}

std::string demo_model() { return LUMINA_CHECKOUT "/demo/model"; }

}  // namespace lumina::testing
