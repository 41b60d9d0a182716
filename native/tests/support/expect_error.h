// Asserts the kind and the text of a lumina::Error.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "lumina/status.h"

namespace lumina::testing {

// Runs `action`, which must throw an Error of `code` with exactly one line that contains `text`.
template <typename Action>
void expect_error(ErrorCode code, const std::string& text, Action action) {
  try {
    action();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << message;
    EXPECT_NE(message.find(text), std::string::npos)
        << "message: " << message << "\nlacks: " << text;
    EXPECT_EQ(message.find('\n'), std::string::npos) << "not one line: " << message;
    return;
  }
  ADD_FAILURE() << "no error; expected one with: " << text;
}

}  // namespace lumina::testing
