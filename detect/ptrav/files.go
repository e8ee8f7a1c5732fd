package ptrav

import "bytes"

// sensitiveFiles are ends of paths that applications do not ask for. Each begins at
// a folder, so that a page called passwd is none.
var sensitiveFiles = [...]string{
	"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/hosts", "/etc/hostname", "/etc/issue", "/etc/motd", "/etc/fstab", "/etc/crontab",
	"/etc/sudoers", "/etc/resolv.conf", "/etc/ssh/sshd_config", "/etc/mysql/my.cnf", "/etc/my.cnf", "/etc/php.ini", "/etc/environment", "/etc/profile",
	"/etc/os-release", "/etc/lsb-release", "/etc/redhat-release", "/etc/debian_version", "/etc/apache2/apache2.conf", "/etc/nginx/nginx.conf",
	"/etc/httpd/conf/httpd.conf", "/etc/inetd.conf", "/etc/network/interfaces", "/etc/vsftpd.conf", "/etc/master.passwd", "/etc/security/passwd", "/etc/pwd.db",
	"/proc/self/environ", "/proc/self/cmdline", "/proc/self/status", "/proc/self/maps", "/proc/self/exe", "/proc/version", "/proc/cpuinfo", "/proc/mounts", "/proc/net/arp", "/proc/net/tcp",
	"/.ssh/id_rsa", "/.ssh/id_dsa", "/.ssh/id_ed25519", "/.ssh/authorized_keys", "/.ssh/known_hosts", "/.bash_history", "/.mysql_history", "/.bashrc", "/.aws/credentials",
	"/.docker/config.json", "/.kube/config", "/.git/config", "/.git/head", "/.svn/entries", "/.htpasswd", "/.htaccess", "/.env", "/.npmrc",
	"/var/log/auth.log", "/var/log/apache2/access.log", "/var/log/apache2/error.log", "/var/log/nginx/access.log", "/var/log/httpd/access_log", "/var/log/messages", "/var/log/syslog",
	"/var/log/apache/access.log", "/var/log/apache/error.log", "/var/log/httpd/error_log", "/var/log/nginx/error.log", "/var/log/secure", "/var/log/mysql/error.log",
	"/var/run/secrets/kubernetes.io/serviceaccount/token", "/var/www/html/config.php", "/wp-config.php", "/configuration.php", "/web.config", "/web-inf/web.xml", "/meta-inf/manifest.mf",
	"/boot.ini", "/win.ini", "/system.ini", "/windows/system32/drivers/etc/hosts", "/system32/drivers/etc/hosts", "/windows/repair/sam", "/system32/config/sam", "/windows/system32/config/system",
	"/system32/cmd.exe", "/windows/php.ini", "/winnt/win.ini", "/inetpub/wwwroot/web.config", "/sysprep.inf", "/unattend.xml", "/php.ini", "/my.ini", "/httpd.conf", "/apache2.conf", "/tomcat-users.xml",
	"/autoexec.bat", "/system32/eula.txt", "/globalasa", "/global.asa", "/windowsupdate.log", "/setupact.log",
}

// filesByEnd holds sensitiveFiles by their last byte.
var filesByEnd = func() (by [256][]string) {
	for _, f := range sensitiveFiles {
		last := f[len(f)-1]
		by[last] = append(by[last], f)
	}
	return by
}()

// sensitiveFolders are beginnings that are as telling as whole names.
var sensitiveFolders = [...]string{"/proc/self/fd/", "/proc/self/", "/proc/1/", "/etc/cron.", "/etc/init.d/", "/etc/ssh/", "/etc/ssl/private/", "/root/."}

// suffix reports whether a normalised path ends at a sensitive file. A query, an
// extension behind a NUL or a blank was cut off before.
func suffix(p []byte) bool {
	if i := bytes.IndexAny(p, "?#;%"); i > 0 {
		p = p[:i]
	}
	if len(p) < 5 {
		return false
	}
	for _, f := range filesByEnd[p[len(p)-1]] {
		if len(p) >= len(f) && string(p[len(p)-len(f):]) == f {
			return true
		}
	}
	for _, f := range sensitiveFolders {
		if bytes.Contains(p, []byte(f)) {
			return true
		}
	}
	return false
}
