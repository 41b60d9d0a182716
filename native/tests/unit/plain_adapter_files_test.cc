// Where adapters lie, as PEFT and people leave them.
#include <gtest/gtest.h>

#include <filesystem>

#include "model/adapter_files.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace lumina::model {
namespace {

using lumina::testing::expect_error;
using lumina::testing::TemporaryFolder;

void expect_found(const TemporaryFolder& folder, const std::string& path,
                  const std::string& weights, const std::string& config) {
  const AdapterFiles files = find_adapter(path.empty() ? folder.path() : folder.path(path));
  EXPECT_EQ(files.weights, folder.path(weights));
  EXPECT_EQ(files.config, folder.path(config));
}

TEST(AdapterFiles, AreFoundInAFolderAndAsOneFile) {
  const TemporaryFolder folder;
  folder.write("adapter_config.json", "{}");
  folder.write("adapter_model.bin", "x");
  expect_found(folder, "", "adapter_model.bin", "adapter_config.json");
  folder.write("adapter_model.safetensors", "x");
  expect_found(folder, "", "adapter_model.safetensors", "adapter_config.json");
  folder.write("style.safetensors", "x");
  expect_found(folder, "style.safetensors", "style.safetensors", "adapter_config.json");
}

TEST(AdapterFiles, AreFoundInTheOnlySubfolder) {
  const TemporaryFolder folder;
  folder.write("README.md", "x");
  std::filesystem::create_directories(folder.path("style"));
  std::filesystem::create_directories(folder.path("pictures"));
  folder.write("style/adapter_config.json", "{}");
  folder.write("style/adapter_model.safetensors", "x");
  expect_found(folder, "", "style/adapter_model.safetensors", "style/adapter_config.json");
  std::filesystem::create_directories(folder.path("other"));
  folder.write("other/adapter_config.json", "{}");
  expect_error(ErrorCode::kCheckpoint,
               R"(holds several adapters, such as "other" and "style"; name the folder of one)",
               [&] { find_adapter(folder.path()); });
}

TEST(AdapterFiles, MissingOnesAreNamed) {
  const TemporaryFolder folder;
  expect_error(ErrorCode::kCheckpoint,
               folder.path() + ": holds neither adapter_model.safetensors nor adapter_model.bin",
               [&] { find_adapter(folder.path()); });
  expect_error(ErrorCode::kCheckpoint, folder.path("gone") + ": no such file or folder",
               [&] { find_adapter(folder.path("gone")); });
  const std::string file = folder.write("style.safetensors", "x");
  expect_error(ErrorCode::kCheckpoint,
               file +
                   ": adapter_config.json, which says how much the adapter counts, is missing "
                   "beside it; fetch it as well, for example with `lumina pull ORG/NAME`",
               [&] { find_adapter(file); });
}

}  // namespace
}  // namespace lumina::model
