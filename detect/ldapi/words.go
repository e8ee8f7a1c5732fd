package ldapi

import "github.com/weirnode/weir/detect/lex"

// attributes that directories have.
var attributes = lex.NewWords("uid cn sn ou dc mail objectclass objectcategory userpassword password samaccountname memberof member uniquemember givenname displayname " +
	"userprincipalname useraccountcontrol description telephonenumber uidnumber gidnumber homedirectory loginshell employeeid employeenumber dn " +
	"distinguishedname name title department manager gecos o l st c objectsid objectguid admincount serviceprincipalname pwdlastset lastlogon " +
	"sambantpassword sambalmpassword krbprincipalname unicodepwd street postalcode memberuid secret pwd userpkcs12 usercertificate authpassword pwdhistory " +
	"lockouttime badpwdcount loginid pager initials jpegphoto carlicense secretary owner seealso labeleduri sudouser sudohost sudocommand krbprincipalkey " +
	"msds-managedpassword ms-mcs-admpwd mobile info primarygroupid grouptype user username login pass passwd role email type sshpublickey")

func known(name []byte) bool { return attributes.Has(name) }

// numbered reports whether an attribute is named by its number, as directories allow.
func numbered(name []byte) bool {
	return len(name) > 0 && lex.Digit(name[0]) && lex.PrefixLength(name, []string{"2.5.4.", "2.5.18.", "0.9.2342.", "1.3.6.1.", "1.2.840.", "2.16.840."}) > 0
}

// compound reports whether a name is put together of words as directories' attributes are,
// and no names of variables: employeeType, ms-Mcs-AdmPwd.
func compound(name []byte) bool {
	if len(name) < 6 || !lex.Letter(name[0]) || name[0] < 'a' {
		return false
	}
	for i := 1; i < len(name); i++ {
		if 'A' <= name[i] && name[i] <= 'Z' && (name[i-1] >= 'a' || name[i-1] == '-') {
			return true
		}
	}
	return false
}
