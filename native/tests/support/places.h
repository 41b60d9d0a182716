// Where the files of the tests lie. The only source that knows the folder of the checkout is
// plain_places.cc, so that all others come from the compiler's cache in any checkout.
#pragma once

#include <string>

namespace lumina::testing {

// The path of a file or folder in native/tests/data.
std::string test_data(const std::string& name);
// The folder of the demo model.
std::string demo_model();

}  // namespace lumina::testing
