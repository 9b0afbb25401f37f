#include "controller/quorum_role.h"

#include <algorithm>
#include <array>

namespace streamscope::controller {

namespace {

struct Transition {
  QuorumRole from;
  QuorumRole to;
};

using enum QuorumRole;

constexpr std::array<Transition, 20> kTransitions{{
    {Unattached, Unattached},  {Unattached, Prospective},  {Unattached, Follower},  {Prospective, Candidate},
    {Prospective, Unattached}, {Prospective, Prospective}, {Prospective, Follower}, {Candidate, Leader},
    {Candidate, Prospective},  {Candidate, Unattached},    {Candidate, Follower},   {Leader, Resigned},
    {Leader, Unattached},      {Leader, Follower},         {Follower, Prospective}, {Follower, Unattached},
    {Follower, Follower},      {Resigned, Unattached},     {Resigned, Follower},    {Resigned, Prospective},
}};

}  // namespace

std::string_view quorumRoleName(QuorumRole role) {
  switch (role) {
    case Unattached:
      return "Unattached";
    case Prospective:
      return "Prospective";
    case Candidate:
      return "Candidate";
    case Leader:
      return "Leader";
    case Follower:
      return "Follower";
    case Resigned:
      return "Resigned";
  }
  return {};
}

bool isAllowedTransition(QuorumRole from, QuorumRole to) {
  return std::any_of(kTransitions.begin(), kTransitions.end(),
                     [&](const Transition& row) { return row.from == from && row.to == to; });
}

}  // namespace streamscope::controller
