/** Programs of which nobody can tell what they do from their words, by the reason why. */
const families: Readonly<Record<string, string>> = {
  'runs what it is given as a command.':
    'eval source . exec command builtin trap xargs parallel watch entr coproc function sudo doas su runuser pkexec setsid unshare nsenter chroot flock script expect strace ltrace gdb lldb valgrind perf taskset chrt ionice systemd-run dbus-run-session setpriv faketime proot fakeroot caffeinate open xdg-open start call forfiles wsl runas busybox toybox cmd cmd.exe pwsh powershell powershell.exe rundll32 regsvr32 mshta wscript cscript msiexec certutil bitsadmin osascript tclsh wish lua5.1 luajit irb ghci jshell scala kotlin julia R Rscript octave elixir erl iex sbcl clisp guile racket emacs ed ex vi vim nvim view nano pico less more most man info git-shell rbash ash fish csh tcsh elvish nu xonsh expr let declare typeset local export readonly unset alias unalias shopt enable bind complete compgen hash fc history read mapfile readarray select until while if then else elif fi do done case esac for in [ [[ ]] { } ! return shift pushd popd dirs umask ulimit kill killall pkill jobs fg bg disown wait suspend logout getopts caller times',
  'reaches other machines.':
    'ssh scp sftp rsync nc ncat netcat socat telnet ftp tftp lftp rclone aria2c sendmail mail mutt curlie http httpie xh aws gcloud az kubectl helm terraform ansible ansible-playbook gh glab heroku vercel netlify flyctl mysql psql mongosh redis-cli ssh-add ssh-agent',
  'starts machines, containers or work in the background.':
    'docker podman nerdctl docker-compose vagrant qemu-system-x86_64 crontab at batch systemctl service launchctl schtasks screen tmux byobu nssm sc reboot shutdown halt poweroff init loginctl',
  'changes this machine beyond the workspace.':
    'apt apt-get dpkg yum dnf rpm pacman apk brew snap flatpak port choco winget scoop mount umount losetup mkfs fdisk parted iptables nft ip ifconfig route sysctl insmod modprobe chown chgrp chattr setfacl setcap useradd usermod passwd visudo reg setx defaults code code-insiders cursor codium update-alternatives ldconfig install ln link mkfifo mknod',
  'unpacks or writes files that its words do not name.':
    'gzip gunzip bzip2 bunzip2 xz unxz zstd unzip zip 7z 7za rar unrar cpio ar patch ditto split csplit',
  'can run any program by its own options or settings.':
    'sqlite3 openssl gpg ssh-keygen m4 gcc g++ cc clang c++ ld as tcc rustc javac nasm objcopy ld.so ldd gem bundle composer pipx pipenv conda uvx bunx corepack nvm volta asdf mise direnv yo ng rails hg svn jj tcpdump tshark nmap wall logger xdotool dmesg journalctl hub pre-commit husky lefthook act',
};

/** The reason by the program's name. */
export const refusedPrograms: ReadonlyMap<string, string> = new Map(
  Object.entries(families).flatMap(([reason, names]) =>
    names.split(' ').map((name) => [name, `\`${name}\` ${reason}`] as const),
  ),
);
