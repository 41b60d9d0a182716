// Files that appear whole or not at all, and say why they did not.
#include <gtest/gtest.h>

#include <filesystem>

#include "checkpoint/atomic_file.h"
#include "support/expect_error.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;
using lumina::testing::FileSizeLimit;
using lumina::testing::TemporaryFolder;

TEST(CopyFile, CopiesTheBytes) {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i * 31 >> 3);
  const std::string from = folder.write("from", bytes);
  copy_file(from, folder.path("to"));
  EXPECT_EQ(lumina::testing::read_bytes(folder.path("to")), bytes);
  copy_file(folder.write("none", ""), folder.path("empty"));
  EXPECT_EQ(lumina::testing::read_bytes(folder.path("empty")), "");
}

TEST(CopyFile, SaysWhyItFailedAndLeavesNothing) {
  const TemporaryFolder folder;
  const std::string from = folder.write("from", std::string(10'000, 'x'));
  {
    const FileSizeLimit limit(4096);
    expect_error(ErrorCode::kIo, folder.path("to") + ": cannot be written: File too large",
                 [&] { copy_file(from, folder.path("to")); });
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()),
                          std::filesystem::directory_iterator()),
            1);
  expect_error(ErrorCode::kIo, folder.path("gone") + ": cannot be read: No such file or directory",
               [&] { copy_file(folder.path("gone"), folder.path("to")); });
}

}  // namespace
}  // namespace lumina::checkpoint
