// config.json of a model made of another one.
#include <gtest/gtest.h>

#include "checkpoint/config_text.h"

namespace lumina::checkpoint {
namespace {

TEST(ConfigTextTest, only_the_number_format_changes) {
  const auto expect = [](const std::string& before, const std::string& after) {
    EXPECT_EQ(with_stored_type(before, "bfloat16"), after);
  };
  expect(R"({"torch_dtype": "float32", "x": NaN})", R"({"torch_dtype": "bfloat16", "x": NaN})");
  expect("{\n  \"b\": {\"dtype\": \"float32\"},\n  \"dtype\" :\n \"float16\"\n}\n",
         "{\n  \"b\": {\"dtype\": \"float32\"},\n  \"dtype\" :\n \"bfloat16\"\n}\n");
  expect(R"({"dtype":"float32","torch_dtype":"float32"})",
         R"({"dtype":"bfloat16","torch_dtype":"bfloat16"})");
  for (const char* same :
       {"{}", "", R"({"dtype": null})", R"({"a": "dtype"})", R"({"a\"dtype": "float32"})",
        R"({"a": ["dtype", "float32"], "b": "\\"})", R"({"dtype)", R"({"dtype":)"}) {
    expect(same, same);
  }
}

}  // namespace
}  // namespace lumina::checkpoint
