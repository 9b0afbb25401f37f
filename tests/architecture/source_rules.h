#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace streamscope::architecture {

/// A line that breaks a rule of the house, with the sentence a contributor reads.
struct Violation {
  /// From the repository's root.
  std::string file;
  int line = 0;
  std::string message;

  std::string toString() const { return file + ":" + std::to_string(line) + ": " + message; }
};

/// The engine's folders in the order of dependency: each may include only those before it.
const std::vector<std::string>& engineFolders();

/// Same text with every comment blanked, so that a rule never fires on prose. Lines keep their numbers.
std::string withoutComments(std::string_view text);

/// Checks one C++ source of engine/, ui/ or app/; `file` is its path from the repository's root with forward slashes.
/// Sources elsewhere have no rules.
std::vector<Violation> checkSource(const std::string& file, std::string_view text);

}  // namespace streamscope::architecture
