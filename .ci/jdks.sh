# shellcheck shell=bash
# Where the JDKs are. A runtime without a compiler does not count.

# find_jdk VERSION: prints the home of a JDK of that feature version.
find_jdk() {
  local version=$1 name home found homes=()
  # JAVA_HOME_17 of a person, JAVA_HOME_17_X64 of a hosted runner.
  while read -r name; do homes+=("${!name}"); done < <(compgen -A variable | grep -E "^JAVA_HOME_$version(_|\$)")
  homes+=("${JAVA_HOME:-}" /usr/lib/jvm/* /opt/*jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*)
  while read -r name; do homes+=("${name%/bin/javac}"); done < <(
    command -v javac | xargs -r readlink -f
    update-alternatives --list javac 2>/dev/null
  )
  for home in "${homes[@]}"; do
    [[ -n $home && -x $home/bin/javac ]] || continue
    read -r _ found < <("$home/bin/javac" -version 2>&1)
    if [[ ${found%%[.+-]*} == "$version" ]]; then
      printf '%s\n' "$home"
      return
    fi
  done
  echo "no JDK $version found; name its home in JAVA_HOME_$version" >&2
  return 1
}
