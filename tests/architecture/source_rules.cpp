#include "source_rules.h"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

namespace streamscope::architecture {
namespace {

/// The only engine headers the user interface may include from folders other than lab/ and base/.
const std::set<std::string>& headersOpenToUi() {
  static const std::set<std::string> headers = {"world/trace.h", "world/address.h", "protocol/api_key.h"};
  return headers;
}

/// What must not appear in certain folders, and what to use instead.
struct Ban {
  std::regex pattern;
  std::set<std::string> exemptFolders;
  std::string message;
};

const std::vector<Ban>& engineBans() {
  static const std::vector<Ban> bans = [] {
    const std::set<std::string> hosts = {"storage", "gateway"};
    const std::set<std::string> gateway = {"gateway"};
    std::vector<Ban> list;
    const auto ban = [&list](const char* pattern, std::set<std::string> exempt, std::string message) {
      list.push_back({std::regex(pattern), std::move(exempt), std::move(message)});
    };
    ban(R"(#\s*include\s*<Q[A-Za-z]*[>/])", {}, "Qt in the engine; Qt starts at ui/ and app/");
    ban(R"(\b(system_clock|steady_clock|high_resolution_clock|utc_clock)\b|\b(gettimeofday|clock_gettime|time)\s*\((nullptr|NULL|0|&))",
        gateway, "a wall clock; nodes read world::Clock, and only gateway/ knows wall time");
    ban(R"(\b(sleep_for|sleep_until|usleep|nanosleep)\b)", gateway, "sleeping; nodes wait with world::Timers");
    ban(R"(\bstd::(jthread|thread|mutex|recursive_mutex|shared_mutex|condition_variable|async|future|promise)\b)",
        hosts, "threads or locks; a world runs on one thread, only gateway/ has one of its own");
    ban(R"(#\s*include\s*<(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)>)",
        hosts, "threads or locks; a world runs on one thread, only gateway/ has one of its own");
    ban(R"(\bstd::(counting_semaphore|binary_semaphore|latch|barrier)\b|#\s*include\s*<(semaphore|latch|barrier)>)", {},
        "a semaphore, latch or barrier, which hang now and then under MinGW; use a mutex and a condition variable");
    ban(R"(\b(s?rand|random|drand48)\s*\(\s*\)|\brandom_device\b|\bmt19937)", gateway,
        "unseeded or foreign random numbers; nodes draw from the base::Random they are given");
    ban(R"(\bunordered_(map|set|multimap|multiset)\b)", gateway,
        "an unordered container, whose order leaks into the trace; use std::map, std::set or a sorted vector");
    ban(R"(#\s*include\s*<(unistd\.h|fcntl\.h|io\.h|windows\.h|winsock2?\.h|ws2tcpip\.h|pthread\.h|signal\.h|csignal|dirent\.h|poll\.h|sys/|netinet/|arpa/|netdb\.h|asio|boost/))",
        hosts, "an operating system's header; files go through storage::Storage, sockets live in gateway/");
    ban(R"(#\s*include\s*<(asio\.hpp|asio/))", gateway, "sockets outside gateway/");
    ban(R"(\b(fopen|freopen|popen|std::system|std::getenv|getenv)\s*\(|\bstd::(basic_)?(i|o)?fstream\b)",
        {"storage", "gateway", "lab"}, "a file or the environment touched directly; nodes go through storage::Storage");
    return list;
  }();
  return bans;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? "none" : text;
}

bool isEngineFolder(const std::string& name) {
  return std::find(engineFolders().begin(), engineFolders().end(), name) != engineFolders().end();
}

/// What a folder may include of the engine, itself apart.
std::vector<std::string> allowedFor(const std::string& folder) {
  const auto& folders = engineFolders();
  return {folders.begin(), std::find(folders.begin(), folders.end(), folder)};
}

/// Empty when the engine header may be included from there, else the sentence.
std::string checkEdge(const std::string& area, const std::string& folder, const std::string& header) {
  const std::string target = header.substr(0, header.find('/'));
  if (area == "app") return {};
  if (area == "ui") {
    if (target == "lab" || target == "base" || headersOpenToUi().count(header) > 0) return {};
    return "ui -> " + target + " (" + header +
           "); ui may include lab/, base/, world/trace.h, world/address.h, protocol/api_key.h";
  }
  if (target == folder) return {};
  const std::vector<std::string> allowed = allowedFor(folder);
  if (std::find(allowed.begin(), allowed.end(), target) != allowed.end()) return {};
  return folder + " -> " + target + " (" + header + "); " + folder + " may include: " + joined(allowed);
}

}  // namespace

const std::vector<std::string>& engineFolders() {
  static const std::vector<std::string> folders = {"base",   "storage",    "protocol",   "log",
                                                   "world",  "controller", "broker",     "coordinator",
                                                   "client", "lab",        "simulation", "gateway"};
  return folders;
}

std::string withoutComments(std::string_view text) {
  enum class Inside { Code, LineComment, BlockComment, String, Character };
  Inside inside = Inside::Code;
  std::string result(text);
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (inside) {
      case Inside::Code:
        if (c == '/' && next == '/')
          inside = Inside::LineComment;
        else if (c == '/' && next == '*')
          inside = Inside::BlockComment;
        else if (c == '"')
          inside = Inside::String;
        // A quote between digits separates them.
        else if (c == '\'' && (i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0))
          inside = Inside::Character;
        break;
      case Inside::LineComment:
        if (c == '\n') inside = Inside::Code;
        break;
      case Inside::BlockComment:
        if (c == '*' && next == '/') {
          result[i] = result[i + 1] = ' ';
          ++i;
          inside = Inside::Code;
        }
        break;
      case Inside::String:
      case Inside::Character:
        if (c == '\\')
          ++i;
        else if (c == (inside == Inside::String ? '"' : '\'') || c == '\n')
          inside = Inside::Code;
        break;
    }
    if ((inside == Inside::LineComment || inside == Inside::BlockComment) && c != '\n') result[i] = ' ';
  }
  return result;
}

std::vector<Violation> checkSource(const std::string& file, std::string_view text) {
  std::vector<Violation> violations;
  const std::vector<std::string> path = split(file, '/');
  const std::string area = path.empty() ? "" : path[0];
  if (path.size() < 2 || (area != "engine" && area != "ui" && area != "app")) return violations;
  const std::string folder = area == "engine" ? path[1] : area;

  static const std::regex projectInclude(R"re(^\s*#\s*include\s*"([^"]+)")re");
  int number = 0;
  std::istringstream lines(withoutComments(text));
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto report = [&](const std::string& message) { violations.push_back({file, number, message}); };
    std::smatch match;
    if (std::regex_search(line, match, projectInclude)) {
      const std::string header = match[1];
      if (header.find("..") != std::string::npos)
        report("an include that climbs the tree (" + header + "); name it from an include root");
      if (header.find('/') != std::string::npos && isEngineFolder(header.substr(0, header.find('/')))) {
        const std::string problem = checkEdge(area, folder, header);
        if (!problem.empty()) report("wrong direction: " + problem);
      } else if (area == "engine" &&
                 (header.rfind("shell/", 0) == 0 || header.rfind("stage/", 0) == 0 || header.rfind("ui/", 0) == 0)) {
        report("wrong direction: " + folder + " -> ui (" + header + ")");
      }
    }
    if (area != "engine") continue;
    for (const Ban& ban : engineBans()) {
      if (ban.exemptFolders.count(folder) == 0 && std::regex_search(line, ban.pattern))
        report(folder + "/ must not use " + ban.message);
    }
  }
  return violations;
}

}  // namespace streamscope::architecture
